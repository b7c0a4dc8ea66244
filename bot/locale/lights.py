"""What `health` and the desk say of each part: working or not, why, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping

LIGHTS: Mapping[str, tuple[str, str, str]] = {
    "bot_runs": ("Bot", "It is running.", ""),
    "bot_stopped": ("Bot", "It is not running.", "Start it with `portavoz run`."),
    "account_ok": ("{part} {account}", "{name}", ""),
    "account_auth": (
        "{part} {account}",
        "It does not let us in: {reason}",
        (
            "Renew the token or its rights, put it into the account's secret (PORTAVOZ_SECRET_ and its id), "
            "then start again."
        ),
    ),
    "room_closed": (
        "{part} {account}",
        "It does not let us in: {reason}",
        "Invite the bot again, or open the room again; it goes on by itself. A dead token has to be renewed.",
    ),
    "approvers_few": (
        "Approvers",
        (
            "People who may approve: {count}. A critical ticket takes {critical}, a crisis takes {crisis}: a reply "
            "there could never go out."
        ),
        "Name another approver under [[people]], or set quorum.critical and quorum.crisis to {reach}.",
    ),
    "replies_wait": (
        "{part} {account} (replies)",
        "Approved, and not gone out: {count}.",
        "They go out by themselves once the account lets us in; until then they can be taken back.",
    ),
    "account_failing": (
        "{part} {account}",
        "It does not work now: {reason}",
        "It is tried again by itself; look at the log if it does not recover.",
    ),
    "account_expiring": ("{part} {account}", "The token runs out on {day}.", "Renew the token before that day."),
    "account_expired": (
        "{part} {account}",
        "Its token was to run out on {day}, and still works.",
        "Renew the token, and the day in the settings if it stands there.",
    ),
    "account_lasts": ("{part} {account} (token)", "Good until {day}.", ""),
    "account_scopes": ("{part} {account} (rights)", "{scopes}", ""),
    "account_clock_ok": ("{part} {account} (clock)", "Difference from ours: {seconds} s", ""),
    "account_clock": (
        "{part} {account} (clock)",
        "Its clock and this computer's differ by {seconds} s.",
        "Set this computer's clock by NTP; if it is right, the network's is wrong.",
    ),
    "account_limits": (
        "{part} {account} (limits)",
        "Length of a reply: {length}; calls: {burst} at once, then {rate} a minute",
        "",
    ),
    "account_read": ("{part} {account} (reading)", "The newest comment was read again.", ""),
    "account_read_gone": ("{part} {account} (reading)", "The newest comment is not there any more.", ""),
    "account_unread": (
        "{part} {account} (reading)",
        "The newest comment could not be read again: {reason}",
        "Check the token's rights; replies wait until it can be read.",
    ),
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
    "slack_people": (
        "{part} {account} (people)",
        "Slack vouches for approvers; {people} may be among them under another name: one person would count as two.",
        "Give each of them under [[people]] their Slack member id in “identities”.",
    ),
    "discord_rights": (
        "Room {room}",
        "The bot lacks rights there: {rights}",
        "Invite it again (`portavoz discord invite`), or give it these rights in the channel's settings.",
    ),
    "discord_room": (
        "Room {room}",
        "Discord does not let us into {channel}: {reason}",
        "Set native_id to the id of a forum or text channel, and invite the bot (`portavoz discord invite`).",
    ),
    "discord_room_ok": ("Room {room}", "#{name}", ""),
    "discord_people": (
        "{part} {account} (people)",
        "Discord vouches for approvers; {people} may be among them under another name: one person would count as two.",
        "Give each of them under [[people]] their Discord user id in “identities”.",
    ),
    "telegram_people": (
        "{part} {account} (people)",
        "Telegram vouches for approvers; {people} may be among them under another name: one person would count as two.",
        "Give each of them under [[people]] their Telegram number in “identities”: the bot tells it at Start.",
    ),
    "telegram_room": (
        "Room {room}",
        "Telegram does not let us into {group}: {reason}",
        "Add the bot to the group as an administrator; `portavoz telegram setup` says how.",
    ),
    "telegram_room_id": (
        "Room {room}",
        "“{group}” is no group's number.",
        "Set native_id to the group's number, like -1001234567890.",
    ),
    "telegram_moved": (
        "Room {room}",
        "{group} has become a supergroup: its number is {now} now.",
        "Set native_id to the new number.",
    ),
    "telegram_topics": (
        "Room {room}",
        "The group has topics, and we may not open one.",
        "Make the bot an administrator with the right “Manage topics”.",
    ),
    "telegram_admin": (
        "Room {room}",
        "We are no administrator there, so we see no reactions; buttons and commands work.",
        "Make the bot an administrator of the group.",
    ),
    "telegram_room_ok": ("Room {room}", "{name}", ""),
    "model_none": ("Model", "None: the drafts are the built-in ones.", ""),
    "model_no_key": (
        "Model {model}",
        "There is no key, so nobody is asked; the drafts are the built-in ones.",
        "Put the key into the environment as {variable} (any word, for a server that wants none), then start again.",
    ),
    "model_unknown": (
        "Model {model}",
        "The endpoint does not have it; it has: {known}",
        "Correct drafter.model, or load the model there.",
    ),
    "model_unlisted": (
        "Model {model}",
        "The endpoint answers, but does not tell which models it has.",
        "A redraft shows whether it writes.",
    ),
    "model_budget": ("Budget of {model}", "Spent today: {tokens} tokens, {money}", ""),
    "model_budget_spent": (
        "Budget of {model}",
        "Spent for today: {tokens} tokens, {money}. The drafts are the built-in ones until midnight.",
        "Raise drafter.tokens_per_day or drafter.money_per_day if that is too early.",
    ),
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
    "replies_vanished": (
        "Vanished replies",
        "Not on the network any more: {count}",
        "See why and write others, or close the tickets: `failures` lists them.",
    ),
    "orders_on_time": ("Pending work", "Delay: {late}", ""),
    "orders_late": ("Pending work", "Delay: {late}", "See that the bot runs, and what the other lights say."),
    "cards_waiting": ("New cards", "On their way, at the chat's pace: {count}. The inbox has all of them.", ""),
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
    "texts_wrong": ("Texts", "{file}: {problem}", "Correct that file, or take it away."),
    "texts_moved": (
        "Texts",
        "Ours changed since yours were made from them: {names}",
        "`portavoz prompts diff` shows what differs; then write the new hash into the first line of yours.",
    ),
    "knowledge_ok": ("Voice and facts", "Facts: {facts}, saved replies: {saved}, voices: {voices}", ""),
    "knowledge_expired": (
        "Voice and facts",
        "Expired and not used any more: {names}",
        "Bring them up to date, or take them away.",
    ),
    "database_ok": ("Database", "{file}", ""),
    "database_missing": (
        "Database",
        "{file} is not there.",
        "`portavoz run` makes it at its first start; if there was one, name its folder: `portavoz --data DIR check`.",
    ),
    "database_empty": ("Database", "{file} is empty.", "`portavoz run` sets it up at its first start."),
    "database_unusable": ("Database", "{problem}", "{remedy}"),
    "database_damaged": (
        "Database",
        "{problem}",
        "Stop the bot, keep the file, and put the newest backup in its place.",
    ),
    "calendar_ok": ("Calendar", "It can be read; planned for today: {count}.", ""),
    "calendar_unreachable": (
        "Calendar",
        "The calendar could not be fetched.",
        "See that the address in digest.calendar (or PORTAVOZ_SECRET_CALENDAR) is right and can be reached.",
    ),
    "calendar_refused": (
        "Calendar",
        "The calendar's address refuses to give it out.",
        "Take its secret address in iCal format, and put it into PORTAVOZ_SECRET_CALENDAR.",
    ),
    "calendar_too_large": (
        "Calendar",
        "The calendar is larger than is read.",
        "Give out a calendar with fewer years in it.",
    ),
    "calendar_missing": (
        "Calendar",
        "There is no calendar at the configured place.",
        "See that the file in digest.calendar exists; its path counts from where the bot is started.",
    ),
    "calendar_unreadable": (
        "Calendar",
        "The calendar could not be understood.",
        "It has to be an iCal file (.ics), not the page of a calendar.",
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

PARTS: Mapping[str, str] = {"network": "Network", "chat": "Chat", "room": "Room", "drafter": "Model"}
