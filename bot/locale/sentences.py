"""What the codes of the core mean, in English; each sentence is a msgid that the catalogues translate.

The values that a sentence wants are what comes with the code (`bot.core.deciding`, `bot.core.sorting`,
`bot.core.publishing`, `bot.core.commands`; `bot.store.lights` and `bot.cli.checking` for the lights); `{ticket}` is
always there, but for lights.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.types import Kind, ReplyState, Role, Sentiment, Severity, TicketStatus

DONE: Mapping[str, str] = {
    "approved_waiting_undo": "Approved. The reply goes out in {seconds} s; until then `undo {ticket}` takes it back.",
    "approved_needs_more": "Your approval counts: {have} of {need}. Somebody else must approve too.",
    "refused": "Refused. The draft is withdrawn and the ticket stays open.",
    "edited": "Saved as revision {revision}. It still needs an approval.",
    "reply_proposed": "Your reply is proposed as revision {revision}. It still needs an approval.",
    "redrafted": "There is a new draft, revision {revision}.",
    "undone": "Taken back. Nothing was published.",
    "settled_posted": "Noted: the reply stands on the network.",
    "settled_absent": "Noted: the reply does not stand on the network.",
    "claimed": "You are on it for {minutes} min; meanwhile nobody else edits.",
    "assigned": "Assigned to {who}.",
    "asked": "{who} was asked. The ticket waits for the answer.",
    "waiting": "The ticket waits.",
    "closed": "Closed. No further reply is needed.",
    "reopened": "The ticket is open again.",
    "snoozed": "Put away until {until}.",
    "escalated": "Escalated to {who}.",
    "kind_set": "The kind is now: {kind}.",
    "severity_set": "The severity is now: {severity}.",
    "noted": "Noted, inside the team only.",
    "retried": "Tried again: {orders}. Looked for on the network again: {replies}.",
    "looked_again": "It is looked for on the network again.",
    "failure_done": "Noted: {failure} is taken care of and is not tried again.",
    "muted": "From now on, what matches `{pattern}` is folded away.",
    "unmuted": "What matches `{pattern}` is shown again from now on.",
    "paused": "Paused: nothing goes out until a lead says `resume`.",
    "resumed": "Approved replies go out again.",
    "crisis_on": "Crisis rules are on: more than one person must approve every reply.",
    "crisis_off": "Crisis rules are off.",
    "repeated": "That was done already.",
    "sample_played": "The sample day begins; its comments come in on a wall of their own, clearly marked.",
    "sample_archived": "The sample day is out of view: {count} tickets closed. Nothing was deleted.",
}

REASONS: Mapping[str, str] = {
    "not_entitled": "This takes the role {needed}; yours is {role}.",
    "unknown_person": "You are not on the team.",
    "guest": "Guests do not decide about replies.",
    "who_is_it": "The chat does not say who you are now.",
    "not_newest_revision": "You saw revision {seen}; the newest one is {newest}.",
    "nothing_to_approve": "There is no draft to decide about.",
    "already_decided": "This reply has been approved already.",
    "already_approved_by_you": "You have approved already: {have} of {need}.",
    "needs_second_person": "Somebody else must approve this.",
    "guard_blocks": "The text may not go out like this.",
    "ticket_closed": "The ticket is closed.",
    "claimed_by_other": "{who} is on it.",
    "undo_too_late": "Too late: the reply is on its way or has been published.",
    "nothing_to_undo": "There is no approval to take back.",
    "nothing_to_settle": "No reply of this ticket is of unknown fate.",
    "empty_text": "The text is empty.",
    "same_text": "That is the text as it stands.",
    "text_too_long": "The text has {length} characters; {limit} are the most.",
    "not_lead": "This takes a lead.",
    "unknown_assignee": "Nobody on the team is called {who}. There are: {known}.",
    "no_draft_for_language": "There is no draft to offer for this comment.",
    "cannot_reply_there": "The network does not take this reply.",
    "item_gone": "The comment is not on the network any more.",
    "being_published": "The reply is on its way to the network.",
    "already_paused": "Everything outgoing is paused already.",
    "already_muted": "What matches `{pattern}` is folded away already.",
    "not_muted": "Nothing like `{pattern}` is folded away.",
    "not_paused": "Nothing is paused.",
    "already_crisis": "Crisis rules are on already.",
    "not_crisis": "Crisis rules are off already.",
    "no_sample": "There is no account here that plays the sample day.",
    "not_snoozable": "A ticket can be put away for {days} days at most.",
    "not_a_link": "That is no link.",
    "unchanged": "It is like that already.",
    "nothing_to_retry": "Nothing there waits to be tried again.",
    "held_back": "Everything outgoing is paused; nothing is looked for now either.",
    "not_done_by_hand": "{failure} is an approved reply that did not go out; that is not simply done.",
    "disk_full": "The disk is full: nothing can be stored now, and nothing of this was.",
    "busy": "Somebody else changed this ticket at the same moment.",
}

REMEDIES: Mapping[str, str] = {
    "none": "",
    "make_room": "Free some space on the bot's disk, then try again.",
    "ask_approver": "Ask an approver.",
    "ask_lead": "Ask a lead.",
    "look_at_newest": "Look at the newest revision first.",
    "edit_first": "Change the text first: `edit {ticket} text`.",
    "write_reply": "Write one: `reply {ticket} text`.",
    "reopen_first": "Open it again first: `reopen {ticket}`.",
    "wait_or_take_over": "Wait a little, or ask a lead to take over with `claim {ticket}`.",
    "reply_follow_up": "Correct it in public, with a follow-up: `reply {ticket} text`.",
    "wait_a_moment": "Wait a moment and look again.",
    "add_sample": "Add a wall that plays it to portavoz.toml: see “Sample day” in the README.",
    "close_ticket": "There is nothing left to answer: `close {ticket}`.",
    "use_settle": "Look at the network, then say `settle {ticket} posted` or `settle {ticket} absent`.",
    "see_help": "Say `help` to see how.",
    "use_manual_link": "Post it there by hand, then say `settle {ticket} posted`.",
    "try_again": "Try it again.",
    "see_failures": "Say `failures` to see what waits.",
    "resume_first": "A lead lets it go on with `resume`.",
    "retry_it": "Try it again: `retry {failure}`. If it must not go out: `undo {ticket}`, then `retry {failure}`.",
}

ANNOUNCED: Mapping[str, str] = {
    "published": "Published.",
    "handed_off": "The network does not take the reply from us ({reason}). "
    "Please post it by hand, then say `settle {ticket} posted`.",
    "rejected": "The network rejected the reply: {reason}",
    "uncertain": "The answer of the network was lost, so nobody knows whether the reply stands there. "
    "Please look, then say `settle {ticket} posted` or `settle {ticket} absent`.",
    "approval_voided": "The approval does not hold any more: {because}.",
    "answered_elsewhere": "Somebody answered outside Portavoz; the open draft is withdrawn.",
    "item_removed": "The comment is not on the network any more.",
    "reply_vanished": "A published reply of ours has vanished from the network. Nobody removed it from here.",
    "item_edited": "The author edited the comment.",
    "new_message": "A new message came in.",
    "account_failed": "The account {account} does not work: {reason}",
    "account_locked_out": "The account {account} does not let us in any more ({reason}). "
    "Renew the token or its rights, then start again.",
    "account_recovered": "The account {account} works again.",
    "dead_letter": "This could not be done, and is not tried again by itself: {what} ({reason}). A lead should look.",
    "escalated_to": "{by} asks {who} to look at this.",
    "question_for": "{by} has a question for {who}.",
    "critical_item": "Critical: somebody should look at this now, and think about `crisis on`.",
}

BECAUSE: Mapping[str, str] = {
    "new_message": "a new message came in",
    "item_edited": "the author edited the comment",
    "item_removed": "the comment is not on the network any more",
    "answered_elsewhere": "somebody answered outside Portavoz",
    "expired": "it was given too long ago",
    "changed": "something changed since, or somebody left the team",
    "quorum_raised": "more people must approve now",
    "guard_blocks": "a check now stops the text",
    "nothing_to_publish": "there is nothing to publish",
    "edited": "the text was edited",
    "erased": "personal data in it was erased",
}

FINDINGS: Mapping[str, str] = {
    "empty": "There is nothing in it that can be read.",
    "too_long": "It has {words} characters; this network takes {limit}.",
    "wrong_language": "It is not in the commenter's language ({words}).",
    "threatens_deletion": "It threatens to delete or block: “{words}”.",
    "mass_mention": "It mentions too many people: “{words}”.",
    "foreign_link": "It links to a place that is not ours: {words}",
    "asks_personal_data": "It asks for personal data where others can read it: “{words}”.",
    "repeats_personal_data": "It repeats personal data in public: “{words}”.",
    "control_characters": "It contains characters that cannot be seen: {words}",
    "identical_reply": "We said just this a short while ago.",
}

MISUNDERSTOOD: Mapping[str, str] = {
    "empty": "Say what to do, or `help`.",
    "unknown_verb": "I do not know `{word}`.",
    "ticket_missing": "Which ticket? Say `{usage}`.",
    "not_a_ticket": "`{word}` is no ticket's ID. Say `{usage}`.",
    "which_ticket": "Is `{word}` a ticket or the first word of the text? "
    "Say `{this} …` for the text, `{other} …` for the ticket.",
    "text_missing": "The words are missing. Say `{usage}`.",
    "text_too_long": "That is too long: {length} characters; {limit} are the most.",
    "person_missing": "Whom? Say `{usage}`.",
    "too_much": "I do not know what `{word}` means there. Say `{usage}`.",
    "unknown_kind": "A kind is one of: complaint, question, suggestion, praise, comment, spam, noise.",
    "unknown_severity": "A severity is one of: low, normal, high, critical.",
    "unknown_switch": "Say `crisis on` or `crisis off`.",
    "unknown_sample": "Say `sample play` (three minutes), `sample now` (all at once) or `sample hide`.",
    "unknown_fate": "Say whether it is `posted` or `absent`: `{usage}`.",
    "bad_span": "Say for how long, a year at most: 30m, 2h, 1d, tomorrow.",
    "not_a_failure": "`{word}` is neither a failure like `E17` nor a ticket's ID. Say `{usage}`.",
    "settle_it": "`{word}` is a reply: say whether it stands on the network.",
    "bad_url": "`{word}` is no link to the reply. Say `{usage}`.",
    "bad_day": "Say which day: today, yesterday, or like 2026-11-20.",
    "bad_days": "Say how many days, a year at most: 7d.",
    "search_empty": "There is nothing to look for: say words or filters (`{filters}`).",
    "too_many_words": "These are {count} words; {limit} are the most.",
    "unknown_filter": "There is no filter `{word}:`; there are {known}. Put it in quotation marks to look for it.",
    "filter_twice": "Say `{filter}:` only once.",
    "unknown_network": "There is no network or account `{word}` here; `health` lists them.",
    "unknown_state": "A state is one of: open, waiting, snoozed, closed.",
    "author_missing": 'Say whose comments, in quotation marks where there are spaces: `author:"Rosa M."`.',
    "unknown_date": "Say a day after `{filter}:` like 2026-11-20, today, yesterday, or how long ago: 7d.",
    "nothing_between": "No day lies from {after} on and before {before}.",
    "bad_page": "That page cannot be continued; search again.",
}

MISSING: Mapping[str, str] = {
    "ticket": "There is no ticket {id}.",
    "person": "There is nobody called {id}.",
    "author": "There is no author {id}.",
    "failure": "There is no failure {id}; perhaps it is done already. Say `failures` to see what waits.",
}

LABELS: Mapping[str, Mapping[str, str]] = {
    Kind.__name__: {
        "complaint": "Complaint",
        "question": "Question",
        "suggestion": "Suggestion",
        "praise": "Praise",
        "comment": "Comment",
        "spam": "Spam",
        "noise": "Noise",
    },
    Severity.__name__: {"low": "Low", "normal": "Normal", "high": "High", "critical": "Critical"},
    Sentiment.__name__: {"negative": "Negative", "neutral": "Neutral", "positive": "Positive"},
    TicketStatus.__name__: {"open": "Open", "waiting": "Waiting", "snoozed": "Snoozed", "closed": "Closed"},
    ReplyState.__name__: {
        "drafting": "Drafting",
        "proposed": "Draft",
        "approved": "Approved",
        "publishing": "Publishing",
        "pending": "Pending",
        "published": "Published",
        "uncertain": "Unknown",
        "rejected": "Rejected",
        "handed_off": "By hand",
        "withdrawn": "Withdrawn",
    },
    Role.__name__: {"viewer": "viewer", "agent": "agent", "approver": "approver", "lead": "lead"},
}

LIGHTS: Mapping[str, tuple[str, str, str]] = {
    "bot_runs": ("Bot", "It is running.", ""),
    "bot_stopped": ("Bot", "It is not running.", "Start it with `portavoz run`."),
    "account_ok": ("{part} {account}", "{name}", ""),
    "account_auth": (
        "{part} {account}",
        "It does not let us in: {reason}",
        "Renew the token or its rights, then start again.",
    ),
    "account_failing": (
        "{part} {account}",
        "It does not work now: {reason}",
        "It is tried again by itself; look at the log if it does not recover.",
    ),
    "account_expiring": ("{part} {account}", "The token runs out on {day}.", "Renew the token before that day."),
    "account_silent": ("{part} {account}", "It does not answer.", "Check the address and the connection."),
    "account_unreachable": ("{part} {account}", "{reason}", "Check the address and the connection."),
    "account_warned": ("{part} {account}", "{reason}", "See what the documentation says about this network."),
    "slack_scopes": (
        "{part} {account}",
        "The app lacks rights: {scopes}",
        "Paste the manifest (`portavoz slack manifest`) into the app's settings and install the app again.",
    ),
    "slack_clock": (
        "{part} {account}",
        "This computer's clock and Slack's differ by {seconds} s.",
        "Set the clock by NTP: Slack's signatures are good for five minutes.",
    ),
    "slack_socket": (
        "{part} {account} (Socket Mode)",
        "It does not open: {reason}",
        "Make an app token with “connections:write”, put it into the environment, and switch Socket Mode on.",
    ),
    "slack_socket_ok": ("{part} {account} (Socket Mode)", "It opens.", ""),
    "slack_room": (
        "Room {room}",
        "Slack does not let us into {channel}: {reason}",
        "Say “/invite @portavoz” in the channel; an archived one has to be opened again.",
    ),
    "slack_room_id": (
        "Room {room}",
        "“{channel}” is no channel id.",
        "Set native_id to the id at the end of the channel's details, like C0123456789.",
    ),
    "slack_room_ok": ("Room {room}", "#{name}", ""),
    "paused": (
        "Pause",
        "Approved replies are held back: {reason}",
        "A lead lets them go out again with `resume`.",
    ),
    "crisis": ("Crisis", "Every reply needs a second approval: {reason}", "A lead ends it with `crisis off`."),
    "dead_letters_none": ("Given up", "Nothing.", ""),
    "dead_letters": (
        "Given up",
        "{count} in all; the newest: {reason}",
        "`failures` tells what it was and what to do; when the cause is mended, `retry` tries all of it again.",
    ),
    "replies_known": ("Fate of replies", "Known for all of them.", ""),
    "replies_unknown": (
        "Fate of replies",
        "Unknown for {count}; the oldest waits for {late}.",
        "Look on the network and say what you saw: `failures` lists them.",
    ),
    "replies_by_hand": (
        "Refused replies",
        "The network did not take {count}.",
        "Post them by hand or write others: `failures` lists them.",
    ),
    "orders_on_time": ("Pending work", "Delay: {late}", ""),
    "orders_late": ("Pending work", "Delay: {late}", "See that the bot runs, and what the other lights say."),
    "seals_ok": ("Record", "Rows not sealed yet: {rows}", ""),
    "seals_behind": ("Record", "Rows not sealed yet: {rows}", "See that the bot runs."),
    "settings_ok": ("Settings", "{file}", ""),
    "settings_defaults": ("Settings", "There is no configuration file; every setting has its default.", ""),
    "setting_wrong": ("Setting {name}", "{problem}", "{remedy}"),
    "disk_ok": ("Disk", "{free} GiB free", ""),
    "disk_low": (
        "Disk",
        "{free} GiB free for {folder}",
        "Make room on that disk: old backups and exports can be kept elsewhere.",
    ),
    "backup_ok": ("Backup", "The newest is from {made}.", ""),
    "backup_first": ("Backup", "The first one will be made on {due}.", ""),
    "backup_failed": (
        "Backup",
        "The last attempt failed: {reason} The newest is from {made}.",
        "Mend the cause; it is tried again every few minutes.",
    ),
    "backup_overdue": (
        "Backup",
        "One was due on {due}; the newest is from {made}.",
        "See that the bot runs, and that its disk has room; `portavoz backup` makes one at once.",
    ),
    "disk_unreadable": ("Disk", "{folder}: {reason}", "Check the data folder."),
    "texts_ok": ("Texts", "Files that can be read: {count}", ""),
    "texts_wrong": ("Texts", "{reason}", "Correct that file, or take it away."),
    "database_ok": ("Database", "{file}", ""),
    "database_missing": (
        "Database",
        "{file} is not there.",
        "Run `portavoz run` or `portavoz migrate`, or name the folder: `portavoz --data DIR check`.",
    ),
    "database_unusable": ("Database", "{problem}", "{remedy}"),
    "database_damaged": (
        "Database",
        "{problem}",
        "Stop the bot, keep the file, and put the newest backup in its place.",
    ),
    "clock_ok": ("Clock", "{now}", ""),
    "clock_behind": (
        "Clock",
        "The newest row of the record is from {newest}, which is still to come.",
        "Set the computer's clock.",
    ),
}
"""For each code of a light: the part's name, how it stands, what to do about it."""

LIGHT_STATES: Mapping[str, str] = {"ok": "working", "warn": "needs a look", "red": "not working"}

PARTS: Mapping[str, str] = {"network": "Network", "chat": "Chat", "room": "Room"}

OTHERS = (
    "Did you mean `{suggestion}`?",
    "`{id}` was not found.",
    "nobody",
    "no reason given",
)
