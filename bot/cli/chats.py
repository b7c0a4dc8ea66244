"""What has to be given to a chat's service before the bot can talk there."""

from __future__ import annotations

import typer

from bot.cli.context import settings_of


def slack_manifest(ctx: typer.Context) -> None:
    """Print the manifest to make the app from, at api.slack.com/apps."""
    from bot.wiring import chat_setup

    typer.echo(chat_setup(settings_of(ctx.obj), "slack"), nl=False)
