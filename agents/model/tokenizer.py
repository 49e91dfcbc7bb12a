"""The tokenizer of the small model that ships: byte-level BPE in which structure and numbers are single tokens.

Lossless for any text. The step's tags are special tokens, a line end is always one token, and a run of digits is cut
into pairs from the left, each of which is one token: few enough that a small model learns to copy all of them. Numbers
of three digits, each a token, were so rare that a third of its failures were numbers copied wrongly. The space before a
number is a token of its own, so that a number is the same tokens wherever it stands.
"""

from collections.abc import Iterable

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import PreTrainedTokenizerFast

from amz_env.steps import TAGS

END = "<|end|>"
PAD = "<|pad|>"
FENCES = ("```python", "```")
_WORDS = r"\n| ?\p{L}+|\d{1,2}| ?[^\s\p{L}\d]|\s"
_NUMBER_WEIGHT = 40


def train_tokenizer(texts: Iterable[str], vocab_size: int) -> PreTrainedTokenizerFast:
    """Train the tokenizer on plain texts.

    Args:
        texts: documents; tags in them are ignored.
        vocab_size: number of tokens at most.
    """
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(_WORDS), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    special = [AddedToken(text, special=True, normalized=False) for text in (PAD, END, *TAGS)]
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size - len(FENCES),
        min_frequency=_NUMBER_WEIGHT,
        special_tokens=special,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    # Each pair of digits occurs often enough to become a token, however rare it is in the documents.
    numbers = " ".join([*map(str, range(100)), *(f"{number:02}" for number in range(10))])
    tokenizer.train_from_iterator([*texts, *[numbers] * _NUMBER_WEIGHT], trainer)
    tokenizer.add_tokens([AddedToken(fence, special=False, normalized=False) for fence in FENCES])
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, pad_token=PAD, eos_token=END, padding_side="left")
