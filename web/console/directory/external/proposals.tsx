import { Alert, Button, Space } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useText } from '../../../ui/text.ts'

const path = '/web/external/becoming'
type Proposal = Answer<typeof path>['list'][number]

/** People from outside who have the mobile of a member. Nothing is shown while there are none. */
export function Proposals(): ReactNode {
  const { data } = useRead(path, {})
  if (!data?.list.length) return null
  return (
    <Space orientation="vertical" style={{ width: '100%', marginBottom: 16 }}>
      {data.list.map(one => (
        <One key={`${one.externalId} ${one.memberId}`} proposal={one} />
      ))}
    </Space>
  )
}

function One({ proposal }: { proposal: Proposal }): ReactNode {
  const t = useText('external')
  const { externalId, memberId, externalName, organisation, memberName, memberUserId, isProved } = proposal
  const names = { name: externalName, organisation, member: memberName, userId: memberUserId }
  const yes = useAct('/web/external/becoming/decide', {
    done: t('accepted'),
    refresh: [path, '/web/external/people'],
    confirm: () => ({ title: t('acceptAsk', names), content: t('acceptHint'), okText: t('accept') }),
  })
  const no = useAct('/web/external/becoming/decide', {
    done: t('refused'),
    refresh: [path],
    confirm: () => ({ title: t('refuseAsk', names), content: t('refuseHint'), okText: t('refuse') }),
  })
  const pair = { externalId, memberId }
  return (
    <Alert
      type={isProved ? 'warning' : 'info'}
      showIcon
      title={t('proposal', names)}
      description={t(isProved ? 'proved' : 'notProved')}
      action={
        <Space>
          {isProved ? (
            <Button
              type="primary"
              loading={yes.isRunning}
              onClick={() => void yes.run({ ...pair, accept: '1' })}
            >
              {t('accept')}
            </Button>
          ) : null}
          <Button loading={no.isRunning} onClick={() => void no.run({ ...pair, accept: '0' })}>
            {t('refuse')}
          </Button>
        </Space>
      }
    />
  )
}
