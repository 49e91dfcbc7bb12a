"""Tagged steps as a chat with tool calls, for libraries that know nothing else.

The code of a step is a call of the tool ``python``, its output the tool's message, and the step with the final answer
the last message. The text is, sign for sign, that of `amz_env.State`, so a model that was trained on the tags has
nothing to learn. But a tool's output is put into it as it is: a program that prints a tag has written one.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

CHAT_TEMPLATE: Final = """\
{%- for message in messages -%}
{%- if message.role == 'user' -%}{{ '<question> ' + message.content + ' </question>\\n' }}
{%- elif message.role == 'tool' -%}{{ '\\n<output>\\n' + message.content + '\\n</output>\\n</step>\\n' }}
{%- else -%}{{ message.content }}
{%- for call in message.tool_calls or [] -%}
{%- if call.function.name == 'python' -%}
{{ '\\n<code>\\n```python\\n' ~ call.function.arguments.code ~ '\\n```\\n</code>' }}
{%- else -%}{{ call.function.name ~ call.function.arguments }}{%- endif -%}
{%- endfor -%}{%- endif -%}{%- endfor -%}"""

RESPONSE_TEMPLATE: Final = {
    "defaults": {"role": "assistant"},
    "start_anchor_pattern": r"</question>\n|</step>\n",
    "fields": {
        "tool_calls": {
            # The opening is the whole call, so that code which was cut off is none.
            "open_pattern": r"<code>\n```python\n(?P<code>.*?)\n```\n</code>",
            "repeats": True,
            "transform": {"type": "function", "function": {"name": "python", "arguments": {"code": "{code}"}}},
        },
        "content": {"content": "text"},
    },
}


def speak_steps(model: "PreTrainedModel", tokenizer: "PreTrainedTokenizerBase") -> None:
    """Let a model that writes tagged steps stop at the end of each, and its tokenizer read them as a chat.

    Args:
        model: its ``generation_config`` is changed.
        tokenizer: one in which the tags are single tokens; its templates are changed.

    Raises:
        ValueError: the tags are no tokens of this tokenizer.
    """
    stops = [tokenizer.eos_token, "</code>", "</step>"]
    missing = [stop for stop in stops if stop not in tokenizer.get_vocab()]
    if missing:
        raise ValueError(f"this tokenizer has no tokens {missing}: the model was not trained on tagged steps")
    tokenizer.chat_template, tokenizer.response_template = CHAT_TEMPLATE, RESPONSE_TEMPLATE
    model.generation_config.eos_token_id = tokenizer.convert_tokens_to_ids(stops)
