import type { Core } from '../../platform/core.ts'
import type { CorpAttention } from '../../platform/manifest/attention.ts'
import type { Cause, CauseText } from '../../platform/manifest/cause.ts'
import { listBecoming } from './becoming/becoming-store.ts'
import { type UnsponsoredPeople, unsponsored } from './external-store.ts'

type Detail = Pick<UnsponsoredPeople, 'people' | 'example'>
const path = '/console/directory/external'

function tell({ people, example }: Detail): CauseText {
  return {
    title: { zh: '外部人员的担保人已离开', en: 'Sponsors of people from outside WeCom have left' },
    what: {
      zh: `${example}${people > 1 ? `等 ${people} 名外部人员` : ''}的担保人已离职、停用，或担保部门已删除。账号有效到各自的到期时间。`,
      en: `The sponsor of ${example}${people > 1 ? ` and of ${people - 1} others` : ''} has left or is disabled, or the department is gone. They stay until their ends.`,
    },
    fix: { zh: '请为他们选择新的担保人，或结束账号。', en: 'Choose another sponsor for them, or end them.' },
    path,
  }
}

/** People whose sponsor left stay until their end, and administrators are told. */
export const sponsorLeft: Cause<Core, Detail> = {
  async find({ db }) {
    const found = (await unsponsored(db)).map(({ corpId, people, example }) => ({
      corpId,
      detail: { people, example },
    }))
    return { found }
  },
  tell,
  severityOf: () => 'warn',
}

/** The same, and members who proved that an account from outside is theirs and wait for a yes. */
export async function externalAttention({ db }: Core, corpIds: readonly string[]): Promise<CorpAttention[]> {
  const [left, proved] = await Promise.all([
    unsponsored(db, corpIds),
    listBecoming(db, { corpIds, isProved: true }),
  ])
  const waiting = [...Map.groupBy(proved, one => one.corpId)]
  return [
    ...left.map(
      ({ corpId, since, ...detail }): CorpAttention => ({
        corpId,
        kind: 'sponsorLeft',
        severity: 'warn',
        since,
        act: { zh: '选择担保人', en: 'Choose a sponsor' },
        ...tell(detail),
      }),
    ),
    ...waiting.map(
      ([corpId, [first, ...others]]): CorpAttention => ({
        corpId,
        kind: 'externalBecoming',
        severity: 'warn',
        since: first?.provedAt ?? null,
        title: { zh: '外部人员成为成员待确认', en: 'People from outside became members' },
        what: {
          zh: `${first?.memberName}${others.length > 0 ? `等 ${others.length + 1} 名成员` : ''}证明了外部人员账号是本人的，等待担保人或管理员确认。`,
          en: `${first?.memberName}${others.length > 0 ? ` and ${others.length} others` : ''} proved that an account from outside is theirs, and wait for a yes.`,
        },
        fix: { zh: '请核对是否为同一人，再确认或驳回。', en: 'Check that they are one person, then decide.' },
        path,
        act: { zh: '去确认', en: 'Decide' },
      }),
    ),
  ]
}
