import type { Core } from './core.ts'
import { formatDuration } from './format.ts'
import type { Cause } from './manifest/cause.ts'
import { clockToldMs } from './storage/nodes/clock.ts'
import { nodesOff } from './storage/nodes/node-store.ts'
import type { Words } from './words.ts'

type Detail = { place: string; off: Words; isAhead: boolean }

/** Of the installation: only the system super administrator is told. */
export const clockWrong: Cause<Core, Detail> = {
  async find({ db }) {
    return {
      found: (await nodesOff(db, clockToldMs)).map(({ place, aheadMs }) => ({
        corpId: null,
        subject: place,
        detail: { place, off: formatDuration(aheadMs), isAhead: aheadMs > 0 },
      })),
    }
  },
  tell: ({ place, off, isAhead }) => ({
    title: { zh: `节点 ${place} 的时钟不准`, en: `The clock of node ${place} is wrong` },
    what: {
      zh: `它的时钟比数据库的${isAhead ? '快' : '慢'} ${off.zh}。wisp 自己按数据库的时间工作；相差 60 秒以上时，到点的工作交给其他节点。`,
      en: `It is ${off.en} ${isAhead ? 'ahead of' : 'behind'} that of the database. wisp itself goes by the time of the database; from 60 seconds on, what is due is left to other nodes.`,
    },
    fix: {
      zh: '请在这台机器与数据库的机器上检查时间同步（timedatectl、chronyc tracking），把不准的一台调准。若所有节点都列在这里，不准的是数据库的机器。',
      en: 'Check the time synchronisation on this machine and on that of the database (timedatectl, chronyc tracking), and set right whichever is wrong. If all nodes are listed here, it is the machine of the database.',
    },
    path: '/console/system/about',
  }),
}
