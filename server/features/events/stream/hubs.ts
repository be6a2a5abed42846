import type { Mirrors } from '../../../organisation/directory/mirror/mirrors.ts'
import type { Core } from '../../../platform/core.ts'
import type { FeatureOffers } from '../../../platform/manifest/offered.ts'
import { describeError } from '../../../platform/operation/log.ts'
import { persistently } from '../../../platform/storage/bus.ts'
import { readFeed } from '../event-store.ts'
import { tell } from '../tell.ts'
import { withFrame } from './framed.ts'
import type { Listener } from './listener.ts'

/** One reader of a corp's feed. A listener that is `joining` has read everything before and waits for the reader's next round. */
type Hub = { seq: number; listeners: Set<Listener>; joining: Set<Listener>; turn: () => Promise<void> }

export type Hubs = {
  /** Tells a listener from now on, together with all others of its corp. */
  join(listener: Listener): void
  /** Reads what is new for a corp's listeners, or for all. */
  read(corpId?: string): Promise<unknown>
}

export const pageSize = 500

/** `onBehind` is given a listener that has to read more by itself before it can join. */
export function createHubs(
  ctx: Core & { mirrors: Mirrors; offered: FeatureOffers },
  onBehind: (listener: Listener) => void,
): Hubs {
  const hubs = new Map<string, Hub>()

  async function readOn(corpId: string, hub: Hub) {
    for (;;) {
      for (const one of hub.joining) {
        hub.joining.delete(one)
        if (one.seq >= hub.seq) hub.listeners.add(one)
        else onBehind(one)
      }
      for (const one of hub.listeners) if (!one.isLive()) hub.listeners.delete(one)
      if (hub.listeners.size === 0) {
        hubs.delete(corpId)
        return
      }
      const rows = await readFeed(ctx.db, corpId, { since: hub.seq }, pageSize)
      const last = rows.at(-1)?.seq
      if (last !== undefined) {
        for (const [developer, own] of Map.groupBy(hub.listeners, one => one.developer)) {
          const told = (await tell(ctx, developer, rows)).map(withFrame)
          for (const one of own) one.take(told, last)
        }
        hub.seq = last
      } else if (hub.joining.size === 0) return
    }
  }

  function begun(corpId: string, seq: number): Hub {
    const hub: Hub = { seq, listeners: new Set(), joining: new Set(), turn: async () => {} }
    hub.turn = persistently(() => readOn(corpId, hub), {
      stopping: ctx.stopping,
      onFailure: error => ctx.log.error({ corpId, ...describeError(error) }, 'event stream not read'),
    })
    return hub
  }

  return {
    join(listener) {
      const { corpId } = listener.developer
      const hub = hubs.getOrInsertComputed(corpId, () => begun(corpId, listener.seq))
      hub.joining.add(listener)
      void hub.turn()
    },
    read(corpId) {
      const meant = corpId === undefined ? [...hubs.values()] : [hubs.get(corpId)]
      return Promise.all(meant.map(hub => hub?.turn()))
    },
  }
}
