"""The 360Giving Data Standard, version 1.4: its column titles both ways, and what each path holds.

One path for each title, one official title for each path; matching forgives case, spaces of every sort, underscores and
usual synonyms, and takes machine paths too. Titles are those of the official template; the schema, its closed codelists
and the DEI extension: 360Giving, CC BY 4.0; codes of lists of organisations: org-id.guide.
"""

import re
from collections.abc import Collection
from functools import lru_cache

_SPLIT = re.compile(r"[:/]")
_SPACES = re.compile(r"[\s\u00a0\u2007\u202f_]+")

_OBJECTS = {
    "plannedDates": ("Planned Dates", "planneddate"),
    "actualDates": ("Actual Dates", "actualdate"),
    "recipientIndividual": ("Recipient Ind",),
    "toIndividualsDetails": ("To Individuals Details",),
    "recipientOrganization": ("Recipient Org", "recipientorganisation", "recipientorganisations"),
    "location": ("Location",),
    "beneficiaryLocation": ("Beneficiary Location", "beneficiarylocations"),
    "fundingOrganization": ("Funding Org", "fundingorganisation", "funder"),
    "grantProgramme": ("Grant Programme", "grantprogram", "grantprogrammes"),
    "fundingType": ("Funding Type",),
    "classifications": ("Classifications", "classification"),
    "relatedDocument": ("Related Document", "relateddocuments"),
    "applicationTransaction": ("",),
    "commitmentTransaction": ("",),
    "disbursementTransaction": ("",),
    "deiDetails": ("",),
}
"""Each object's title ("" where the template has none), and other names of it in files."""
_SINGLE = {"recipientIndividual", "toIndividualsDetails", "deiDetails"}
_ROOT = {
    "id": ("Identifier", "grantidentifier"),
    "title": ("Title",),
    "description": ("Description",),
    "currency": ("Currency",),
    "amountAppliedFor": ("Amount Applied For",),
    "amountAwarded": ("Amount Awarded",),
    "amountDisbursed": ("Amount Disbursed",),
    "awardDate": ("Award Date",),
    "url": ("URL",),
    "fromOpenCall": ("From An Open Call?", "fromanopencall", "fromopencall?", "opencall", "opencall?"),
    "relatedActivity": ("Related Activity",),
    "dateModified": ("Last Modified",),
    "dataSource": ("Data Source",),
    "regrantType": ("For Regrant Type",),
    "locationScope": ("Location Scope",),
}
_LEAVES = {
    **{name: _ROOT[name] for name in ("title", "description", "currency")},
    "id": ("Identifier",),
    "name": ("Name",),
    "startDate": ("Start Date",),
    "endDate": ("End Date",),
    "duration": ("Duration (months)",),
    "dateModified": ("Last Modified",),
    "department": ("Department",),
    "contactName": ("Contact Name",),
    "charityNumber": ("Charity Number", "charityno"),
    "companyNumber": ("Company Number", "companyno"),
    "streetAddress": ("Street Address", "address"),
    "addressLocality": ("City", "town"),
    "addressRegion": ("County",),
    "addressCountry": ("Country",),
    "postalCode": ("Postal Code", "postcode"),
    "telephone": ("Phone Number",),
    "alternateName": ("Alternate Name",),
    "email": ("Email",),
    "organisationType": ("Organisation Type", "organizationtype"),
    "url": ("URL", "webaddress", "website"),
    "countryCode": ("Country Code",),
    "latitude": ("Latitude",),
    "longitude": ("Longitude",),
    "geoCode": ("Geographic Code",),
    "geoCodeType": ("Geographic Code Type",),
    "vocabulary": ("Vocabulary",),
    "code": ("Code",),
    "documentType": ("Document Type",),
    "primaryGrantReason": ("Primary Grant Reason",),
    "secondaryGrantReason": ("Secondary Grant Reason",),
    "grantPurpose": ("Grant Purpose",),
    "transactionDate": ("",),
    "value": ("",),
    "valueDate": ("",),
    "provider": ("",),
    "recipient": ("",),
}
_WEB_ADDRESS = {"recipientOrganization", "fundingOrganization", "relatedDocument"}
"""Whose `url` is called Web Address; that of all else is called URL."""
_ORDER = {
    name: place
    for place, name in enumerate(
        ("id", "title", "description", "currency", "amountAppliedFor", "amountAwarded", "amountDisbursed", "awardDate",
         "url", *_OBJECTS, "fromOpenCall", "relatedActivity", "dateModified", "dataSource", "regrantType",
         "locationScope")
    )
}  # fmt: skip
_LEAF_ORDER = {name: place for place, name in enumerate(("id", "name", *_LEAVES, "location"))}


def _by_folded(names: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Each way to write a name, folded; blank titles are of no column."""
    return {
        word: name
        for name, others in names.items()
        for word in (name.casefold(), *(_SPACES.sub("", other).casefold() for other in others))
        if word
    }


_OBJECT_OF, _ROOT_OF, _LEAF_OF = _by_folded(_OBJECTS), _by_folded(_ROOT), _by_folded(_LEAVES)

_TAKEN = {
    _SPACES.sub("", word).casefold()
    for name, (title, *_) in _OBJECTS.items()
    for word in (name, title)
    if name != "location"
} - {""}


@lru_cache(maxsize=4096)
def path_of(title: str) -> str:
    """The path that a title stands for, `recipientOrganization/0/name` say; "" for a title outside the standard."""
    parts = [_SPACES.sub("", part).casefold() for part in _SPLIT.split(title)]
    *objects, leaf = [part for part in parts if not part.isdecimal()] or [""]
    places = [int(part) for part in parts if part.isdecimal()]
    if not objects:
        name = _ROOT_OF.get(leaf, "")
        return f"{name}/{places[0]}" if name and places else name
    path = []
    for part in objects:
        name = _OBJECT_OF.get(part, "")
        if not name:
            return ""
        path.append(name if name in _SINGLE else f"{name}/{places.pop(0) if places else 0}")
    return "/".join([*path, _LEAF_OF[leaf]]) if leaf in _LEAF_OF else ""


def title_of(path: str, numbered: Collection[str] = ()) -> str:
    """The official title of a path; the path itself where the standard has no title for it.

    Arrays in `numbered` (as `beneficiaryLocation`, or `recipientOrganization/location`) have several items: the
    item's number goes into the title. Any other array's first item goes without.
    """
    *objects, leaf = [part for part in path.split("/") if not part.isdecimal()]
    if not objects:
        return _ROOT.get(leaf, (path,))[0] if "/" not in path else path
    told = "Web Address" if leaf == "url" and objects[-1] in _WEB_ADDRESS else _LEAVES.get(leaf, ("",))[0]
    titles = [_OBJECTS.get(name, ("",))[0] for name in objects]
    if not told or not all(titles):
        return path
    array, parts = "", []
    for part in path.split("/")[:-1]:
        if part.isdecimal():
            parts += [part] if array in numbered else []
        else:
            array = f"{array}/{part}" if array else part
            parts.append(_OBJECTS[part][0])
    return ":".join([*parts, told])


def order_of(path: str) -> tuple[int, int, tuple[int, ...], int, str]:
    """What sorts paths as the official template has them; what is outside the standard stands last, by its name."""
    parts = path.split("/")
    places = tuple(int(part) for part in parts if part.isdecimal())
    if not path_of(path) or parts[0] not in _ORDER:
        return 1, 0, (), 0, path
    return 0, _ORDER[parts[0]], places, _LEAF_ORDER.get(parts[-1], 0), path


def is_object(title: str) -> bool:
    """Whether it is the bare name of an object of a grant, which no column outside the standard may be called."""
    return _SPACES.sub("", title).casefold() in _TAKEN


def belongs_to(title: str) -> str:
    """The object that a title is of, even if its last part is outside the standard; "" for one of the grant's own."""
    first = _SPACES.sub("", _SPLIT.split(title, 1)[0]).casefold()
    return _OBJECT_OF.get(first, "") if _SPLIT.search(title) else ""


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
_SORTS_IN = {
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
    **{f"{name}/{leaf}": sort for name, leaves in _SORTS_IN.items() for leaf, sort in leaves.items()},
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
