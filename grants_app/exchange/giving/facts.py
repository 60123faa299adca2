"""What the 360Giving Data Standard says of each path: what sort of value it holds, and which codes it takes.

Version 1.4: the schema, its closed codelists and the DEI extension (360Giving, CC BY 4.0); codes of lists of
organisations: org-id.guide.
"""

from functools import lru_cache


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CURRENCIES = _words(
    "ADP AED AFA AFN ALK ALL AMD ANG AOA AOK AON AOR ARA ARP ARS ARY ATS AUD AWG AYM AZM AZN BAD BAM BBD BDT BEC "
    "BEF BEL BGJ BGK BGL BGN BHD BIF BMD BND BOB BOP BOV BRB BRC BRE BRL BRN BRR BSD BTN BUK BWP BYB BYN BYR BZD "
    "CAD CDF CHC CHE CHF CHW CLF CLP CNY COP COU CRC CSD CSJ CSK CUC CUP CVE CYP CZK DDM DEM DJF DKK DOP DZD ECS "
    "ECV EEK EGP ERN ESA ESB ESP ETB EUR FIM FJD FKP FRF GBP GEK GEL GHC GHP GHS GIP GMD GNE GNF GNS GQE GRD GTQ "
    "GWE GWP GYD HKD HNL HRD HRK HTG HUF IDR IEP ILP ILR ILS INR IQD IRR ISJ ISK ITL JMD JOD JPY KES KGS KHR KMF "
    "KPW KRW KWD KYD KZT LAJ LAK LBP LKR LRD LSL LSM LTL LTT LUC LUF LUL LVL LVR LYD MAD MDL MGA MGF MKD MLF MMK "
    "MNT MOP MRO MRU MTL MTP MUR MVQ MVR MWK MXN MXP MXV MYR MZE MZM MZN NAD NGN NIC NIO NLG NOK NPR NZD OMR PAB "
    "PEH PEI PEN PES PGK PHP PKR PLN PLZ PTE PYG QAR RHD ROK ROL RON RSD RUB RUR RWF SAR SBD SCR SDD SDG SDP SEK "
    "SGD SHP SIT SKK SLL SOS SRD SRG SSP STD STN SUR SVC SYP SZL THB TJR TJS TMM TMT TND TOP TPE TRL TRY TTD TWD "
    "TZS UAH UAK UGS UGW UGX USD USN USS UYI UYN UYP UYU UZS VEB VEF VES VNC VND VUV WST XAF XAG XAU XBA XBB XBC "
    "XBD XCD XDR XEU XFO XFU XOF XPD XPF XPT XRE XSU XTS XUA XXX YDD YER YUD YUM YUN ZAL ZAR ZMK ZMW ZRN ZRZ ZWC "
    "ZWD ZWL ZWN ZWR "
)

COUNTRIES = _words(
    "AF AX AL DZ AS AD AO AI AQ AG AR AM AW AU AT AZ BS BH BD BB BY BE BZ BJ BM BT BO BQ BA BW BV BR IO BN BG BF "
    "BI KH CM CA CV KY CF TD CL CN CX CC CO KM CG CD CK CR CI HR CU CW CY CZ DK DJ DM DO EC EG SV GQ ER EE ET FK "
    "FO FJ FI FR GF PF TF GA GM GE DE GH GI GR GL GD GP GU GT GG GN GW GY HT HM VA HN HK HU IS IN ID IR IQ IE IM "
    "IL IT JM JP JE JO KZ KE KI KP KR KW KG LA LV LB LS LR LY LI LT LU MO MK MG MW MY MV ML MT MH MQ MR MU YT MX "
    "FM MD MC MN ME MS MA MZ MM NA NR NP NL NC NZ NI NE NG NU NF MP NO OM PK PW PS PA PG PY PE PH PN PL PT PR QA "
    "RE RO RU RW BL SH KN LC MF PM VC WS SM ST SA SN RS SC SL SG SX SK SI SB SO ZA GS SS ES LK SD SR SJ SZ SE CH "
    "SY TW TJ TZ TH TL TG TK TO TT TN TR TM TC TV UG UA AE GB US UM UY UZ VU VE VN VG VI WF EH YE ZM ZW "
)

_TAXONOMY = _words(
    "010000 010100 010110 010120 010199 010200 010210 010220 010299 010300 010310 010320 010330 010340 010399 "
    "019900 019910 019920 019930 019999 020000 020100 020110 020120 020130 020140 020200 020300 020310 020320 "
    "020330 020400 029900 030000 030100 030200 030300 030400 030500 030600 030700 030800 030900 031000 039900 "
    "040000 040100 040110 040120 040200 040300 040400 040410 040420 040500 049900 050000 050100 050200 050300 "
    "059900 060000 070000 070100 070200 070300 070400 080000 090000 700000 800010 800020 800030 "
)

GEO_CODE_TYPES = _words(
    "AgricSmall CA CANNET CCG CDRP CFA CHP CMCTY CMLAD CMWD COM CSP CTY DZ EER FRA HB IG LAC LEP LONB LSOA MD "
    "MSOA NAWC NHSAT NMD NPARK OA PAR PFA PUA REGD REGSD RGN/GOR SA SPC TTWA UA USOA WD WPC WZ"
) | {"ROA - CPP", "ROA - Local"}
"""An open list: another code is only worth a note."""
LIKELY_GEO_CODE_TYPES = {"LONDB": "LONB", "LB": "LONB", "WARD": "WD", "REGION": "RGN/GOR", "RGN": "RGN/GOR"}
ORGANISATION_LISTS = tuple(
    f"GB-{code}-"
    for code in _words(
        "CASC CCSCUST CHC COA COE COH EDU GOR GOV GOVUK HESA IRN LAE LANI LAS MPR NHS NIC PLA REV SC SCOTEDU SHPE SRS "
        "UKPRN WALEDU"
    )
)

_TRANSACTION = {
    "id": "text", "transactionDate": "date", "currency": "currency", "value": "number", "valueDate": "date",
    "description": "text", "provider": "text", "recipient": "text", "dateModified": "instant",
}  # fmt: skip
_LOCATION = {
    "id": "text", "name": "text", "countryCode": "country", "latitude": "number", "longitude": "number",
    "description": "text", "geoCode": "text", "geoCodeType": "text", "dateModified": "instant",
}  # fmt: skip
_CLASSIFICATION = {
    "vocabulary": "text", "code": "text", "title": "text", "description": "text", "url": "uri",
    "dateModified": "instant",
}  # fmt: skip
_ORGANISATION = {
    **dict.fromkeys(
        ("id", "name", "department", "contactName", "charityNumber", "companyNumber", "streetAddress",
         "addressLocality", "addressRegion", "addressCountry", "postalCode", "telephone", "alternateName", "email",
         "description", "organisationType"),
        "text",
    ),
    "url": "uri", "dateModified": "instant", **{f"location/{name}": sort for name, sort in _LOCATION.items()},
}  # fmt: skip
_EVENT = {
    "title": "text", "startDate": "part date", "endDate": "part date", "duration": "duration", "description": "text",
    "dateModified": "instant",
}  # fmt: skip
_DEI_AREA = {
    "askedStatus": "asked", "replyStatus": "replied", "availableOptions": "options", "additionalDetails": "text",
    "response/taxonomyCodes": "taxonomy", "response/livedExperience": "text", "response/geography": "text",
}  # fmt: skip
_OBJECTS = {
    "plannedDates": _EVENT,
    "actualDates": _EVENT,
    "recipientIndividual": {"id": "text", "name": "text"},
    "toIndividualsDetails": {
        "primaryGrantReason": "reason", "secondaryGrantReason": "reason", "grantPurpose": "purposes",
    },
    "recipientOrganization": _ORGANISATION,
    "beneficiaryLocation": _LOCATION,
    "fundingOrganization": _ORGANISATION,
    "grantProgramme": {name: sort for name, sort in _CLASSIFICATION.items() if name != "vocabulary"},
    "fundingType": _CLASSIFICATION,
    "classifications": _CLASSIFICATION,
    "relatedDocument": {
        "id": "text", "title": "text", "url": "uri", "description": "text", "documentType": "text",
        "dateModified": "instant",
    },
    "applicationTransaction": _TRANSACTION,
    "commitmentTransaction": _TRANSACTION,
    "disbursementTransaction": _TRANSACTION,
    "deiDetails": {
        "deiVersion": "dei version", "purposes": "text",
        **{f"{area}/{name}": sort for area in ("leadership", "mission", "project") for name, sort in _DEI_AREA.items()},
    },
}  # fmt: skip
SORTS = {
    "id": "text", "title": "text", "description": "text", "currency": "currency", "amountAppliedFor": "number",
    "amountAwarded": "number", "amountDisbursed": "number", "awardDate": "date", "url": "uri", "fromOpenCall": "yes no",
    "relatedActivity": "texts", "dateModified": "instant", "dataSource": "uri", "regrantType": "regrant type",
    "locationScope": "location scope",
    **{f"{name}/{leaf}": sort for name, leaves in _OBJECTS.items() for leaf, sort in leaves.items()},
}  # fmt: skip
"""What sort of value each path of a grant holds, numbers of items left out. A plural: a list of them."""
CLOSED = {
    "currency": CURRENCIES,
    "country": COUNTRIES,
    "yes no": _words("Yes No"),
    "regrant type": frozenset(f"FRG0{n}0" for n in range(1, 8)),
    "location scope": _words("GLS010 GLS020 GLS030 GLS040 GLS050 GLS060 GLS099"),
    "reason": frozenset(f"GTIR{n:02}0" for n in range(1, 13)),
    "purposes": frozenset(f"GTIP{n:02}0" for n in range(1, 18)),
    "asked": _words("AS100 AS101 AS200 AS201"),
    "replied": _words("RS100 RS200 RS201 RS202 RS203"),
    "options": _words("AO100 AO101 AO102 AO200 AO201 AO300 AO301"),
    "taxonomy": frozenset(f"DEI{number}" for number in _TAXONOMY),
}  # fmt: skip
"""The codes that a sort of value takes, and no others."""
LISTS = frozenset({"texts", "purposes", "options", "taxonomy"})
"""Sorts that are lists of words: one cell of a sheet, parted by ;."""


@lru_cache(maxsize=20_000)
def sort_of(path: str) -> str:
    """What sort of value a path holds; "" for a path outside the standard."""
    return SORTS.get(bare(path), "")


@lru_cache(maxsize=20_000)
def bare(path: str) -> str:
    """The path without the numbers of items."""
    return "/".join(part for part in path.split("/") if not part.isdecimal())
