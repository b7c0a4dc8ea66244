"""No network adapter contains code that deletes, hides, blocks or bans."""

from __future__ import annotations

from pathlib import Path

import pytest

import handlers.networks
from tests.contract.takedown_scan import takedowns, takedowns_below

OFFENDERS = [
    "await client.delete(f'{base}/statuses/{id}')",
    "await client.request('DELETE', url)",
    "Route('/x', handler, methods=['DELETE'])",
    "await session.post(f'{graph}/{comment}', params={'is_hidden': True})",
    "await graph.post(comment, is_hidden=True)",
    "await bot.call('chat.delete', ts=ts)",
    "await bot.call('deleteMessage', id=1)",
    "await bot.ban_chat_member(1)",
    "await client.post(f'/api/v1/accounts/{id}/block')",
    "connection.execute('DELETE  from comments')",
    "connection.execute('''\n  truncate comments\n''')",
    "async def hide_comment(self): ...",
    "from sdk import HideComment",
    "class BanUser: ...",
    "await imap.expunge()",
    "operation = b'DELETE'",
    "fields['is_hidden'] = True",
    "if await client.delete(url) == 204: ...",
]
HARMLESS = [
    '"""Nothing is deleted here, and nobody is blocked."""',
    "raise Permanent('You cannot delete what was published.')",
    "del headers['x']",
    "waiting.remove(item)",
    "blocking = urban + hideous",
    "yield ItemRemoved(account=account, native_id=native_id)",
    "await door.withdraw(id)",
    "query.update(text=text)",
    "if event == 'delete': ...",
    "if event in {'delete', 'hide'}: ...",
    "match verb:\n    case 'hide': ...",
    "gone = payload['hidden']",
    "gone = payload.get('hidden')",
    "Environment(trim_blocks=True)",
]


@pytest.mark.parametrize("code", OFFENDERS)
def test_code_that_takes_something_down_is_found(code: str) -> None:
    assert takedowns(f"async def f():\n    {code.replace(chr(10), chr(10) + '    ')}" if "await" in code else code)


@pytest.mark.parametrize("code", HARMLESS)
def test_harmless_code_is_left_alone(code: str) -> None:
    assert takedowns(code) == []


def test_no_network_adapter_takes_anything_down() -> None:
    folder = Path(handlers.networks.__path__[0])
    assert list(folder.rglob("*.py"))
    assert takedowns_below(folder) == []
