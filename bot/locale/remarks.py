"""What adapters say went wrong, in English and for the catalogues.

Adapters speak before anybody's language is known, and what they say is kept on record; here their own sentences are
recognised again, and said in the reader's language. A network's own words stay as they are.
"""

from __future__ import annotations

from functools import cache

from bot.locale.troubles import Pattern, patterns, recognised

REMARKS = (
    # What is configured
    "{name} is not set",
    "{name} are not set",
    "{name} is not set; make one with: {command}",
    "{name} does not begin with {prefix}; make one with: {command}",
    "{name} is not base64 behind its prefix; make one with: {command}",
    "{name} has not {least} to {most} bytes; make one with: {command}",
    "{name} has more than {most} secrets: the new one, a space, the old one",
    "{name} has to be the user's name, a colon and an application password",
    # Whoever does not let us in
    "The account is not active: {status}.",
    "The application lacks the scope write:statuses.",
    "The feed lets nobody in without the right name and password (HTTP {code}).",
    "The mail server did not let us in: {reason}",
    "The server does not take its own new session.",
    "The server that sends did not let us in: {reason}",
    "The session has ended.",
    "Discord refuses the token.",
    "Discord's gateway refuses us: {code}.",
    "The application lacks an intent that it asks for.",
    # Replies that are left to a person
    "A private answer to a public message cannot be given here.",
    "A feed can only be read.",
    "Bluesky asks programs to answer only whoever names, quotes or answers the account.",
    "The author and the account have blocked one another.",
    "The author does not let this account reply.",
    "The comment is not there any more.",
    "The comment waits for the site's moderators; let it through there before it is answered.",
    "The mail server refused it: {reason}",
    "The site's moderators did not let the reply through.",
    "The text and the name of whom it answers are too long together.",
    "The text is empty.",
    "The text is too long.",
    "This platform takes no replies from programs.",
    "On Telegram nobody can be answered in private who did not write in private.",
    "Telegram would change this text: it has control characters, tabs, or white space at its ends.",
    # Replies of which nobody knows what became of them
    "An earlier attempt may still be under way.",
    "Another text stands where this reply belongs.",
    "The answer was lost: {reason}.",
    "The instance took the reply, and its answer could not be read.",
    "The platform answered {code} without the reply's id.",
    "The sending of this mail was begun before, and no copy of it was found.",
    "The site took the reply, and its answer could not be read.",
    # Networks that do not answer, or not as they should
    "Discord asks to come back later.",
    "Discord cannot be reached.",
    "Discord's gateway let us go: {code}.",
    "The connection to Discord has ended.",
    "The connection to Discord is lost.",
    "This channel has no messages.",
    "What stands there now is no message that could be answered.",
    "The address was answered, but {reason}.",
    "The feed did not answer: {reason}.",
    "The feed is larger than {size} MB.",
    "The feed's address leads in circles.",
    "The feed's server answered {code}.",
    "The folder “{folder}” cannot be opened. {reason}",
    "The instance answered something that is no status.",
    "The instance answered something unreadable.",
    "The instance answered {code}.",
    "The instance cannot be reached: {reason}.",
    "The instance did not answer: {reason}.",
    "The network does not show the account yet: {reason}",
    "The mail server asks to come back later: {reason}",
    "The mail server did not answer: {reason}.",
    "The mail server said: {reason}",
    "The platform answered {code}.",
    "The platform cannot be reached: {reason}.",
    "The platform did not answer: {reason}.",
    "The server answered a sign-in with something unreadable.",
    "The server answered something that is no post.",
    "The server answered something unreadable.",
    "The server answered {code}.",
    "The server cannot be reached: {reason}.",
    "The server did not answer: {reason}.",
    "The server that sends answered {reason}",
    "The server that sends did not answer: {reason}.",
    "The site answered something that is no comment.",
    "The site answered something unreadable.",
    "The site answered {code}.",
    "The site cannot be reached: {reason}.",
    "The site did not answer: {reason}.",
    "The site has moved to {address}: change `base_url`.",
    "The site's answer is larger than {size} MB.",
    "The stream broke: {reason}.",
    "The stream ended.",
    "The wall did not answer in time.",
    "There is no feed at this address (HTTP {code}).",
    "There is no WordPress REST interface at this address: {reason}",
    "What item_url answered is another item.",
    "What item_url answered is no item: {field}.",
    "what stands there is JSON, but no feed",
    "what stands there is no feed",
    # Team chats that do not answer, or not as they should
    "Slack cannot be reached",
    "Slack did not take the file: {reason}",
    "Slack may still show the picture",
    "Slack's socket does not open",
    "Telegram cannot be reached",
    "another program uses this bot's token at the same time: {error}",
    "no answer: {reason}",
    "the connection to Slack is lost",
    "the group has moved",
    "the room {room} has no native_id: the channel's id, a long number",
    "the room {room} has no native_id: the channel's id, like C0123456789",
    "the room {room} has no native_id: the group's number, like -1001234567890",
    "the room {room} is neither a forum nor a text channel",
    "the token is not valid any more",
    "there is no token",
    "too many requests",
    "{count} messages were looked through, and there are more",
    # What works, but should not stay so
    (
        "The application lacks the Message Content intent: switch it on under “Bot” in the developer portal, "
        "or messages come in empty."
    ),
    "No folder `sent`: what colleagues answer is not seen, and no lost reply can be looked for.",
    "Privacy mode is on: in groups only commands and answers to the bot are seen (/setprivacy at @BotFather).",
    "Only {left} of {limit} requests are left for now.",
    "The server does not tell of new mail: it is asked every {count} seconds.",
    "This is the account's own password: make an app password, which can be taken back alone.",
    "the newest post is closed for comments",
    (
        "{name} is no moderator: comments that wait for approval are not seen, and replies may have to wait for "
        "approval themselves; the role Editor has that right"
    ),
    # Why the other side was not reached: `handlers.reaching`
    "Discord cannot be reached: {reason}.",
    "Slack cannot be reached: {reason}",
    "Telegram cannot be reached: {reason}",
    "the name {host} is not found; check how it is written, and this computer's DNS",
    "the certificate of {address} is not accepted ({why}); check the name, and the certificates here",
    "{address} does not speak TLS as it should; check the port, and http or https",
    "nothing answers at {address}: connection refused; check the port, and that the service runs",
    "no way leads to {address}; check the address and this computer's network",
    "no answer from {address} in time; check the address, and what stands between (firewall, proxy)",
    "the address cannot be used; check how it is written",
    "something else answers at {address} than was expected; check the address and the port",
    "{address} ended the connection without an answer; check the port, and the service's log",
    "the call to {address} failed ({name}); the log says more",
    "what answers at {address} does not speak {what}'s API (HTTP {code}): check the address",
    # Why something is not there any more
    "blocked",
    "removed",
    "withdrawn",
    "the mail came back as undeliverable",
    "the site's moderators took it back into their queue",
)


def remark(locale: str, said: str) -> str:
    """One of the sentences above in the locale's language, and what it passes on likewise; anything else as it is."""
    return recognised(locale, said, _remarks())


@cache
def _remarks() -> tuple[Pattern, ...]:
    return patterns(REMARKS)
