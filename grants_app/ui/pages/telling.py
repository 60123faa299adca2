"""One step of the history as a text to be read: who, when, why, and what changed field by field."""

from grants_app import wording
from grants_app.ui.prose import plain
from grants_app.ui.steps import ACTIONS, Change, Told, Whole


def told_html(step: Whole) -> str:
    """The step in words; each record that still exists is a link to "kind/id"."""
    told = step.told
    where = " · ".join(part for part in (told.officer or "Unknown", step.account, step.computer) if part)
    parts = [
        f"<h1>{plain(told.words)}</h1>",
        f"<p class='soft'>{plain(wording.instant_text(told.when))}<br>{plain(where)}</p>",
    ]
    if step.reason:
        parts.append(f"<p><b>Reason:</b> {plain(step.reason)}</p>")
    if told.undone:
        parts.append("<p class='warning'>A later step took this one back.</p>")
    parts += [_change(change) for change in step.changes]
    if step.more:
        parts.append(f"<p class='soft'>… and {wording.counted(step.more, 'more record')} in the same step.</p>")
    return "".join(parts)


def deleted_html(told: Told, change: Change) -> str:
    """A deleted record in words: what it held, and who deleted it when."""
    noun = change.kind.noun if change.kind is not None else ""
    when = f"Deleted by {told.officer or 'Unknown'}, {wording.instant_text(told.when)} (“{told.words}”)"
    name = change.caption or f"{noun} {change.reference}"
    line = f"{noun} {change.reference}"
    return f"<h1>{plain(name)}</h1><p class='soft'>{plain(line)}<br>{plain(when)}</p>{_values(change)}"


def _change(change: Change) -> str:
    noun = change.kind.noun if change.kind is not None else ""
    name = " ".join(part for part in (noun, change.reference) if part)
    head = plain(name)
    if change.kind is not None and change.here:
        head = f"<a href='{change.kind.__tablename__}/{change.record}'>{head}</a>"
    caption = f" <span class='soft'>{plain(change.caption)}</span>" if change.caption else ""
    return f"<h2>{change.action}: {head}{caption}</h2>{_values(change)}"


def _values(change: Change) -> str:
    if not change.values:
        return ""
    changed = change.action == ACTIONS["changed"]
    heads = ("Field", "Before", "After") if changed else ("Field", "Value")
    lines = ["<tr>" + "".join(f"<th>{head}</th>" for head in heads) + "</tr>"]
    for name, (before, after) in change.values.items():
        cells = (before, after) if changed else (before or after,)
        lines.append(
            f"<tr><td class='soft'>{plain(name)}</td>" + "".join(f"<td>{plain(cell)}</td>" for cell in cells) + "</tr>"
        )
    return f"<table width='100%' cellspacing='0'>{''.join(lines)}</table>"
