"""stable-baselines3 policies as agents: which of K proposed steps to take, learned by reinforcement.

A language model proposes (`proposer`), `amz_env.wrappers.ChooseStep` turns the choice into numbers, and PPO, DQN or
MaskablePPO learns it from the rewards alone (`training`). The trained policy is an `Agent` like any search (`agent`):

    from agents.sb3.agent import load
    from agents.sb3.settings import Settings
    from agents.sb3.training import train

    agent = train(engine, problems, settings=Settings("maskable-ppo"), steps=30_000, run_dir=Path("runs/sb3"))
    agent.solve(problems)
    again = load(Path("runs/sb3"), engine)

What a policy sees of a candidate is V of the state after it, its mean probability, its length and kind, whether its
code fails, how many of the proposals come to the same, and a fixed random projection (`projection`) of the hidden state
that V is read from; of the state, how far it is, and the same projection. To begin with it prefers what the language
model finds probable. What is proposed in a state is drawn once (`pool`), so that practising again costs little.
"""
