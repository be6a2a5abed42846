import type { Core } from '../../platform/core.ts'
import type { Cause } from '../../platform/manifest/cause.ts'
import { refusedCredentials } from '../../upstream/transport/credential-store.ts'
import { explainErrcode } from '../../upstream/wecom/errors.ts'
import type { Corps } from './corps.ts'
import { pages, places } from './doctor/check.ts'

type Needs = Core & { corps: Corps }

/** Wrong secrets, corp ids and agent ids. */
const ownRefusals = new Set([40001, 40013, 40056, 41002, 41004])

/** `agent` is null for the contacts secret. */
export const secretRefused: Cause<Needs, { agent: { id: number; name: string } | null; errcode: number }> = {
  async find(ctx) {
    return {
      found: (await refusedCredentials(ctx.db)).flatMap(({ corpId, owner, errcode }) => {
        const corp = ctx.corps.find(corpId)
        if (!corp) return []
        const id = /^wecom:agent:(\d+)$/.exec(owner)?.[1]
        const agent = corp.agents.find(one => String(one.agentId) === id)
        // Tokens of an agent that was removed expire unused.
        if (id !== undefined && !agent) return []
        const detail = { agent: agent ? { id: agent.agentId, name: agent.name } : null, errcode }
        return [{ corpId, subject: owner, detail }]
      }),
    }
  },
  // A wrong secret is each corp's own; an address that WeCom does not trust is that of all.
  reasonOf: ({ errcode }) => (ownRefusals.has(errcode) ? undefined : String(errcode)),
  tell({ agent, errcode }) {
    const { text } = explainErrcode(errcode)
    const name = agent
      ? {
          zh: `应用「${agent.name || agent.id}」的 Secret`,
          en: `secret of application "${agent.name || agent.id}"`,
        }
      : { zh: '通讯录同步 Secret', en: 'contacts sync secret' }
    const work = agent
      ? {
          zh: '用它的登录、消息或姓名读取都已停止',
          en: 'sign-in, messages or names that use it have stopped',
        }
      : { zh: '通讯录已停止同步', en: 'the address book is not synced any more' }
    const place = agent ? places.agents : places.corp
    const page = agent ? pages.apps : pages.contact
    return {
      title: { zh: `企业微信拒绝了${name.zh}`, en: `WeCom refuses the ${name.en}` },
      what: {
        zh: `企业微信返回 ${errcode}：${text.zh}；${work.zh}。`,
        en: `WeCom answered ${errcode}: ${text.en}; ${work.en}.`,
      },
      fix: {
        zh: `请到${page.zh}重新查看 Secret，再到${place.zh}更换。`,
        en: `View the secret again in ${page.en}, then change it in ${place.en}.`,
      },
      path: agent ? '/console/system/corps/agents' : '/console/system/corps/settings',
    }
  },
}

/** Every secret was sealed with the new key when the node started, so the old key is of no more use, only a danger. */
export const oldSecretKey: Cause<Needs, object> = {
  find: async ctx => ({ found: ctx.config.secretKeyOld ? [{ corpId: null, detail: {} }] : [] }),
  severityOf: () => 'warn',
  tell: () => ({
    title: { zh: '旧密钥还没有移除', en: 'The old key was not removed' },
    what: {
      zh: '更换 WISP_SECRET_KEY 已完成，但环境中还有 WISP_SECRET_KEY_OLD。',
      en: 'The change of WISP_SECRET_KEY is complete, but WISP_SECRET_KEY_OLD is still set.',
    },
    fix: {
      zh: '请确认所有节点都已用新密钥启动，然后从各节点的环境中删除 WISP_SECRET_KEY_OLD 并重启。',
      en: 'Make sure that all nodes started with the new key, then remove WISP_SECRET_KEY_OLD from their environment and restart them.',
    },
    path: '/console/system/about',
  }),
}
