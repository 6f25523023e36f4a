import type { Handler } from "../commands/registering.ts";
import type { Supervisor } from "../server/supervisor.ts";
import type { Secret, Secrets } from "./secrets.ts";

/** Commands that ask for a secret; the server is told of a change by starting it anew. */
export function secretCommands(
  secrets: Secrets,
  supervisor: Supervisor,
): Readonly<Record<string, Handler>> {
  const asking = (secret: Secret): Handler => {
    return async () => {
      if (await secrets.ask(secret)) {
        await supervisor.restart();
      }
    };
  };
  return {
    "procoder.setHostToken": asking("host.token"),
    "procoder.setRedisUrl": asking("redis.url"),
  };
}
