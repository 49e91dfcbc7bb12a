"""The misconceptions that a simulated student of mini-guess can hold: most keep a guess that does not fit."""

MISCONCEPTIONS: dict[str, str] = {
    "first-prime": "keeps the first prime it tries, whether or not it divides",
    "first-factor": "keeps the first factor it tries, whatever is left of the product",
    "hasty-pick": "keeps the first numbers it picks, whatever their sum",
    "any-sign": "keeps the first signs it puts in, whatever they make",
    "first-number": "keeps the first number it tries, whatever remainder, product or square it gives",
    "first-root": "keeps the first root it tries, although the equation does not hold",
    "any-listed": "keeps any number of a list, whether or not it is as the clue says",
    "answers-the-guess": "answers with the last number guessed in place of what is asked for",
    "sum-for-product": "adds where numbers are to be multiplied, and the other way round",
}
