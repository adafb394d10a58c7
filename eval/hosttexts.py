"""The sentences of our generated sites: patterns of news, and of what newspapers print around it."""

from __future__ import annotations

DESKS = ("politics", "football", "courts", "business", "culture", "health", "transport", "weather")
SYLLABLES = (
    *("bar", "cal", "den", "fen", "gar", "hol", "jor", "kel", "lin", "mar"),
    *("nor", "pel", "quin", "ros", "sten", "tor", "ulm", "vel", "wick", "yar"),
)
PATTERNS = (
    "{person} told the {w} in {place} that the {w} {w} had to {w} for a {w}.",
    "the {body} said on the {w} that it had {w} the {w} and the {w} of {place}.",
    "no one in {place} had {w} the {w}, and few {w} in the {w} of it.",
    "as the {body} sees it, the {w} is a {w} of {number} {w} more than the {w} was.",
    "“we {w} it in all the {w},” said one who did not {w} her own {w}.",
    "{person} was the one to {w} the {w}, and had a {w} to {w} for it.",
    "in the {w} it was {w} that the {w} or the {w} had {w} as well.",
    "some {number} of them {w} in {place}, a few by {w}, most of them by {w}.",
    "“this {w} is for us all,” {person} said, and the {w} was {w} for a bit.",
    "the {w} had to {w} in the {w}, but the {w} was {w} to us all.",
    "two {w} of the {w} did not {w}, one of them by {number} to {number}.",
    "the {body} put {number} {w} on the {w} and had no {w} on the {w} at all.",
    "it was {w} when the {w} {w}, and it was {w} when the {w} was over.",
    "a {w} that {person} put to the {body} was {w} by {number} of the {w}.",
    "who is to {w} the {w} now is a {w} that {place} has to {w} for us.",
    "{person}, who has {w} in {place} for {number} of her {w}, has a {w} {w}.",
)
"""Patterns of sentences: short words, names, and `{w}`, a word of the story or of the language."""
APPEALS = (
    "Get the best of the {site} in your inbox: sign up for our morning newsletter and read it before everybody else.",
    "Start your day with the {site} briefing. It is free, it takes five minutes, and you can unsubscribe at any time.",
    "Good journalism takes time and money. If you value what you read here, consider a subscription from one a week.",
    "You have a tip for our newsroom? Write to our journalists in confidence, or leave a message on our machine.",
    "Our app brings every headline to your phone as it happens. Look for it in the store of your device.",
    "The {site} is independent and has no shareholders. Readers like you make this work possible, month after month.",
    "Join twelve thousand members who support our reporting, and get invited to evenings with our editors.",
    "Listen to our podcast every weekday: two editors, one guest, and twenty minutes on what everyone talks about.",
    "Become a friend of the {site} today and read without advertisements on all of your devices.",
    "Want more stories such as this one? Let us know which topics interest you and build a page of your own.",
)
NOTICES = (
    "The {site} corrects significant errors as soon as they come to light. Please tell our reader service about them.",
    "Opinions expressed by guest authors are their own and need not be shared by the publishers of the {site}.",
    "Reproduction of this text, in whole or in part, needs the written consent of the {site} and its licensors.",
    "Some of the links on our site earn us a commission, which never influences what our editors choose to cover.",
    "Prices quoted by the exchange are delayed by fifteen minutes and are meant for information, not as advice.",
)
BIOS = (
    "{author} joined the {site} in 2014 and writes about {desk}. Before that she reported for two local stations.",
    "{author} has been an editor on our {desk} desk since he finished journalism school, and lives with three cats.",
    "{author} is our correspondent for {desk}. He studied history, likes long train journeys and bakes his own bread.",
)
TEASERS = (
    "Why {person} went back to {place} after eleven years, and what the neighbours made of it.",
    "A walk through {place}, where the {noun} changed everything except the opening hours.",
    "Everyone talks about the {noun}. We asked {person} what it means for the rest of the country.",
    "Three pictures, one {noun}: how an ordinary day in {place} ended on every front page.",
    "It began with a {noun} and a misunderstanding; the rest is told by {person} in our long read.",
)
