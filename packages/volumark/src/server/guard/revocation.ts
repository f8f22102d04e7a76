/** An answer that goes on, such as a stream of events, ends soon after its key was revoked. */
import type { ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import type { AccessKeys } from "../../keys/keys.ts";
import { StoreError } from "../../store/store-error.ts";

export interface Watch {
  /** Breaks the answer when this key is no longer in force. */
  add(answer: ServerResponse, secret: string): void;
}

/** Between two looks, which cost one question to the database for each key that is in use. */
const LOOK_MS = 2000;

export function watchRevocation(app: FastifyInstance, keys: AccessKeys, lookMs: number = LOOK_MS): Watch {
  const open = new Map<ServerResponse, string>();

  async function look(): Promise<void> {
    for (const secret of new Set(open.values())) {
      if (await inForce(secret)) continue;
      for (const [answer, its] of open) if (its === secret) answer.destroy();
    }
  }

  /** A database that does not answer now revokes nothing. */
  async function inForce(secret: string): Promise<boolean> {
    try {
      return (await keys.find(secret)) !== null;
    } catch (error) {
      if (error instanceof StoreError) return true;
      throw error;
    }
  }

  const timer = setInterval(() => {
    look().catch((error: unknown) => app.log.error({ err: error }, "keys of open streams could not be looked at"));
  }, lookMs).unref();
  app.addHook("onClose", async () => clearInterval(timer));
  return {
    add(answer, secret) {
      open.set(answer, secret);
      answer.once("close", () => open.delete(answer));
    },
  };
}
