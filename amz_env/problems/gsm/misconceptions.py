"""The misconceptions that a simulated student can have on word problems."""

MISCONCEPTIONS: dict[str, str] = {
    "fewer-as-more": "reads 'fewer', 'less', 'shorter', 'cheaper' as 'more'",
    "times-as-plus": "reads '3 times as many' as '3 more'",
    "part-as-minus": "reads 'a third of' as 'minus 3'",
    "keyword-not-inverted": "does what the word says, 'more' or 'times', also where the way back is needed",
    "affine-order": "reads '5 more than twice' as twice the sum with 5",
    "difference-as-total": "adds where 'how many more' is asked",
    "ratio-as-difference": "subtracts where 'how many times as many' is asked",
    "total-skips-first": "leaves the first quantity out of a total",
    "each-as-plus": "adds where 'each' or a rate or an area asks for a product",
    "unit-size": "takes an hour for 100 minutes, a week for 5 days, a dozen for 10",
    "lost-as-gained": "adds what goes away: given, sold, leaked, taken off the bill",
    "goal-as-total": "gives what is there or paid where what is missing or left is asked",
    "quantity-ignored": "counts the price of one where several are bought",
    "share-without-self": "leaves the person who shares out of the number of shares",
    "leftover-ignored": "counts the full boxes only where what is left over matters",
    "time-by-product": "multiplies by the rate where a time is sought",
    "percent-as-number": "takes 20 % for 20",
    "part-as-rest": "goes on with the part where the rest is meant",
    "rest-as-whole": "takes a part of the rest, or of what is there by then, from the whole of the start",
    "receiver-unchanged": "takes a gift from the giver only, and does not add it to the receiver",
    "sum-split": "splits a sum by a ratio or a difference without counting all the parts",
    "roles-swapped": "gives each of two kinds the number of the other",
    "one-condition": "uses only the first of two that are named together: conditions, quantities",
    "undo-in-order": "works back in the order of the story instead of the reverse",
}
"""name -> description"""
