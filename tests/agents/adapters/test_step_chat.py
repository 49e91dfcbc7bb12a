import pytest
from transformers import AutoTokenizer, GenerationConfig

from agents.adapters.step_chat import speak_steps
from agents.model import resolve_model
from amz_env import MathReasoningEnv, answer_action, code_action


class Model:
    def __init__(self):
        self.generation_config = GenerationConfig()


@pytest.fixture(scope="module")
def tokenizer():
    tokenizer = AutoTokenizer.from_pretrained(resolve_model("builtin-base"))
    speak_steps(Model(), tokenizer)
    return tokenizer


def call(code):
    return {"type": "function", "function": {"name": "python", "arguments": {"code": code}}}


def test_a_conversation_reads_like_the_environments_state(tokenizer):
    env = MathReasoningEnv("mini-gsm", split="test", size=20)
    messages, env_text = [], ""
    for index in range(20):
        env_text, _ = env.reset(options={"index": index})
        messages = [{"role": "user", "content": env.problems[index].question}]
        for action in env.problems[index].solution[:-1]:
            env_text, *_ = env.step(action)
            taken = env.get_state().steps[-1]
            words = action.partition("\n<code>")[0]
            messages.append({"role": "assistant", "content": words, "tool_calls": [call(taken.step.code)]})
            messages.append({"role": "tool", "name": "python", "content": taken.observation})
        assert tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True) == env_text
    assert len(messages) > 1 and "<output>" in env_text


@pytest.mark.parametrize("earlier", ["", code_action("a", "1/0") + "\n<output>\nError\n</output>\n</step>\n"])
def test_what_the_model_writes_is_read_back(tokenizer, earlier):
    prefix = "<question> q </question>\n" + earlier

    def read(text):
        return tokenizer.parse_response(text, prefix=prefix)

    code = "if 1:\n    print('</p>')"
    assert read(code_action("Go.", code)) == {
        "role": "assistant",
        "content": "<step>\n<p>\nGo.\n</p>",
        "tool_calls": [call(code)],
    }
    answer = answer_action("So.", "42")
    assert read(answer) == {"role": "assistant", "content": answer}
    cut_off = code_action("Go.", "print(1)").removesuffix("\n```\n</code>")
    assert "tool_calls" not in read(cut_off)


def test_generation_stops_at_the_end_of_a_step(tokenizer):
    model = Model()
    speak_steps(model, tokenizer)
    stops = tokenizer.convert_ids_to_tokens(model.generation_config.eos_token_id)
    assert stops == ["<|end|>", "</code>", "</step>"]


def test_a_tokenizer_without_the_tags_is_refused():
    class Other:
        eos_token = "</s>"

        def get_vocab(self):
            return {"</s>": 0}

    with pytest.raises(ValueError, match=r"no tokens \['</code>', '</step>'\]"):
        speak_steps(Model(), Other())
