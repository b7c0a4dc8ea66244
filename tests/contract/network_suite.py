"""The contract of `bot.core.ports.Network`, as tests that run over every adapter.

Derive a class from `NetworkContract`, give it a fixture `side` that yields the adapter's other side (see
`network_side.py`), and the tests below are its tests. They go through the port alone.
"""

from __future__ import annotations

from typing import ClassVar

from tests.contract.network_incoming import IncomingContract
from tests.contract.network_keeping import KeepingContract
from tests.contract.network_outgoing import OutgoingContract
from tests.contract.network_standing import StandingContract


class ListenOnlyContract(IncomingContract, KeepingContract):
    """For networks that can be read and not answered. `adapter` is the name of the module under `handlers/networks`."""

    adapter: ClassVar[str]


class VariantContract(IncomingContract, OutgoingContract):
    """For an adapter that is under the whole contract already, with another way to settle lost answers."""

    adapter: ClassVar[str]


class NetworkContract(IncomingContract, KeepingContract, OutgoingContract, StandingContract):
    """For networks that can be answered. `adapter` is the name of the module under `handlers/networks`."""

    adapter: ClassVar[str]
