"""What has to be given to a chat's service before the bot can talk there."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.context import settings_of


def slack_manifest(ctx: typer.Context) -> None:
    """Print the manifest to make the app from, at api.slack.com/apps."""
    from bot.adapters import chat_setup

    typer.echo(chat_setup(settings_of(ctx.obj), "slack"), nl=False)


def discord_invite(
    ctx: typer.Context,
    application: Annotated[
        str, typer.Argument(metavar="APPLICATION_ID", help="The application's id; left out, the token tells it.")
    ] = "",
) -> None:
    """Print the steps and the link that let the bot in to a Discord server."""
    from bot.adapters import chat_invitation

    typer.echo(chat_invitation(settings_of(ctx.obj), "discord", application, ctx.obj.lang), nl=False)


def telegram_setup(ctx: typer.Context) -> None:
    """Print what to tell BotFather, and how to let the bot into a group."""
    from bot.adapters import chat_invitation

    typer.echo(chat_invitation(settings_of(ctx.obj), "telegram", "", ctx.obj.lang), nl=False)
