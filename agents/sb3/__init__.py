"""stable-baselines3 policies as agents: which of K proposed steps to take, learned by reinforcement.

A language model proposes (`proposer`), `amz_env.wrappers.ChooseStep` turns the choice into numbers, and PPO, DQN or
MaskablePPO learns it from the rewards alone (`training`). The trained policy is an `Agent` like any search (`agent`):

    from agents.sb3.agent import load
    from agents.sb3.settings import Settings
    from agents.sb3.training import train

    agent = train(engine, problems, settings=Settings("maskable-ppo"), steps=20_000, run_dir=Path("runs/sb3"))
    agent.solve(problems)
    again = load(Path("runs/sb3"), engine)

What a policy sees of a candidate is V of the state after it, its mean log-probability, its length and kind, whether its
code fails, and how many of the proposals come to the same.
"""
