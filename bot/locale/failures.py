"""What the codes of failures mean, in English; each sentence is a msgid that the catalogues translate.

`{reason}`, `{place}` and `{ticket}` are always there, `{about}` in what is to be typed.
"""

from __future__ import annotations

from collections.abc import Mapping

LETTERS: Mapping[str, tuple[str, str, str, str]] = {
    "uncertain": (
        "Reply of unknown fate",
        "The network did not tell whether it took the reply: {reason}",
        "The customer may have our answer already, or none at all.",
        "Look under the comment on the network, then say what you saw. Nothing is sent again before that.",
    ),
    "handed_off": (
        "Reply to be posted by hand",
        "The network does not take the reply from us: {reason}",
        "The customer has no answer yet.",
        "Post the text by hand under the link, then say so.",
    ),
    "rejected": (
        "Rejected reply",
        "The network rejected the reply: {reason}",
        "The customer has no answer yet.",
        "Write another reply, or close the ticket if none is needed.",
    ),
    "vanished": (
        "Vanished reply",
        "{place}: our published reply is not there any more: {reason}. Nobody removed it from here.",
        "The customer, and whoever reads along, cannot see our answer any more.",
        "See why under the comment on the network, then write another reply, or close the ticket.",
    ),
    "dead_publish": (
        "Reply that was given up",
        "The approved reply did not go out: {reason}",
        "The customer has no answer yet, as far as we know.",
        "Mend the cause, then try again. What may stand there already is looked for first.",
    ),
    "dead_card": (
        "Card that is not shown",
        "The card of {ticket} could not be brought up to date in {place}: {reason}",
        "Nothing changes for the customer, but whoever looks only there does not see how the ticket stands.",
        "See that the room exists and takes messages, then try again.",
    ),
    "dead_say": (
        "Message that did not arrive",
        "A message could not be said in {place}: {reason}",
        "Nothing changes for the customer, but nobody in that room knows it.",
        "See that the room exists and takes messages, then try again; or pass it on yourself and say that it is done.",
    ),
    "dead_draft": (
        "Draft that was not asked for",
        "The model could not be asked for a draft: {reason}",
        "Nothing changes for the customer; the draft on the card is the built-in one.",
        "Mend the cause and ask again with `redraft`; or leave it, and say that it is done.",
    ),
    "dead_digest": (
        "Digest that did not arrive",
        "The daily digest could not be said in {place}: {reason}",
        "Nothing changes for the customer, but that room does not know how the day went.",
        "Look whether it stands there. If not, try again; or read it with `digest`, and say that it is done.",
    ),
    "dead_look": (
        "Look that was given up",
        "{place} could not be asked whether something still stands there: {reason}",
        "Nothing changes for the customer.",
        "Mend the cause, then try again; or look there yourself, and say that it is done.",
    ),
    "dead_order": (
        "Order that was given up",
        "Something could not be done in {place}: {reason}",
        "Nothing changes for the customer, but the team lacks what was to be shown there.",
        "Mend the cause, then try again; or do it by hand and say that it is done.",
    ),
}
"""For each code: its title, what happened, what it means for the customer, what to do. See `Letter.code`."""

WAYS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "settle": (
        ("settle {about} posted", "It stands there. Its link may follow."),
        ("settle {about} absent", "It does not stand there."),
    ),
    "retry": (("retry {about}", "Try it again."),),
    "uncertain:retry": (("retry {about}", "Let it be looked for on the network again."),),
    "done": (("done {about}", "Somebody took care of it. A link or a remark may follow."),),
    "escalate": (("escalate {about}", "Hand it over to somebody with more say."),),
    "reply": (("reply {about} text", "Propose another reply."),),
    "redraft": (("redraft {about}", "Ask for another draft."),),
    "close": (("close {about}", "No reply is needed."),),
}
"""For each verb that helps (or a state with a verb): what is to be typed, and what for."""

PROBLEMS: Mapping[str, str] = {
    "no_such_room": "the settings name no such room",
    "no_such_account": "the settings name no such account",
    "answer_lost": "the network's answer was lost",
    "digest_lost": "nobody knows whether the chat took it, so it was not sent again",
    "digest_too_late": "it came too late to be of use",
    "look_first": "it is being looked for again",
    "no_answer": "no answer came in time",
    "removed": "the network does not say why",
    "TimeoutError": "no answer came in time",
    # Of a model (`bot.core.drafting.Because`)
    "timeout": "no answer came in time",
    "rate_limited": "no more calls are taken just now",
    "model_down": "the model could not be reached",
    "key_refused": "the model's endpoint refuses our key",
    "request_refused": "the model's endpoint refuses our calls",
}
"""Reasons that are ours, besides `bot.locale.sentences.BECAUSE`; everything else is the other side's own words."""

FOLDED: Mapping[str, str] = {
    "muted": "muted words, or a muted author",
    "emoji": "nothing but emoji",
    "tags": "nothing but mentions of other people",
}
"""Why a comment lies folded away and closed: `bot.core.folding.MUTED`, or the rule of `bot.triage.noise`."""

ORDERS: Mapping[str, str] = {
    "publish": "publishing a reply",
    "card": "showing a card",
    "say": "saying something",
    "digest": "the daily digest",
    "draft": "asking the model for a draft",
    "look": "looking whether it still stands there",
}
"""What was to be done, by the order's type."""

_CLOSED_TO_US = "the workspace does not let the app do that"
_NOT_VALID = "the token is not valid"
_TROUBLE = "Slack has trouble of its own"
SLACK: Mapping[str, str] = {
    "invalid_auth": _NOT_VALID,
    "not_authed": _NOT_VALID,
    "not_allowed_token_type": "that is a token of another kind",
    "account_inactive": "the bot's account was switched off",
    "token_revoked": "the token was revoked",
    "token_expired": "the token has run out",
    "missing_scope": "the app lacks a right",
    "no_permission": "the app lacks a right",
    "access_denied": _CLOSED_TO_US,
    "org_login_required": _CLOSED_TO_US,
    "ekm_access_denied": _CLOSED_TO_US,
    "team_access_not_granted": _CLOSED_TO_US,
    "restricted_action": _CLOSED_TO_US,
    "app_missing_action_url": "the app is not set up for buttons",
    "channel_not_found": "there is no such channel, or the bot is not in it",
    "not_in_channel": "the bot is not in the channel",
    "is_archived": "the channel is archived",
    "restricted_action_thread_locked": "the thread is locked",
    "restricted_action_non_threadable_channel": "there are no threads in the channel",
    "restricted_action_read_only_channel": "not everybody may write in the channel",
    "ratelimited": "no more calls are taken just now",
    "service_unavailable": _TROUBLE,
    "internal_error": _TROUBLE,
    "fatal_error": _TROUBLE,
    "request_timeout": "no answer came in time",
    "accesslimited": "no more calls are taken just now",
    "team_added_to_org": "the workspace is being moved",
}
"""Slack's own codes that last or come often; a detail may stand behind them."""
