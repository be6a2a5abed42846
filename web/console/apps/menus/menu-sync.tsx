import { SyncOutlined } from '@ant-design/icons'
import { Button, Tooltip } from 'antd'
import type { ReactNode } from 'react'
import { useAct } from '../../../ui/data/act.tsx'
import type { Answer } from '../../../ui/data/api.ts'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { Time } from '../../../ui/values/time.tsx'
import { useLastOutcome } from './last-outcome.ts'
import { SyncOutcomeView } from './sync-outcome.tsx'

/** Syncs the menu of one app: the button, and what came of it. */
export function useMenuSync(id: string, menu: Answer<'/web/apps/menu'> | undefined) {
  const [outcome, setOutcome] = useLastOutcome(id)
  const sync = useAct('/web/apps/menu/sync', { refresh: ['/web/apps/'] })
  const press = async () => {
    setOutcome(undefined)
    setOutcome(await sync.run({ id }))
  }
  return {
    button: <SyncButton menu={menu} isRunning={sync.isRunning} onPress={() => void press()} />,
    outcome: outcome ? (
      <div style={{ marginBottom: 16 }}>
        <SyncOutcomeView outcome={outcome} onClose={() => setOutcome(undefined)} />
      </div>
    ) : null,
  }
}

/** Disabled with an explanation for apps that do not sync (docs/interface/apps.md#menu-of-an-app). */
function SyncButton(props: {
  menu: Answer<'/web/apps/menu'> | undefined
  isRunning: boolean
  onPress(): void
}): ReactNode {
  const t = useText('menus')
  const reason = props.menu ? props.menu.notSynced : t('chooseHint')
  const button = (
    <Button
      type="primary"
      icon={<SyncOutlined />}
      loading={props.isRunning}
      disabled={reason !== null}
      onClick={props.onPress}
    >
      {t('sync')}
    </Button>
  )
  if (reason === null) return button
  return (
    <Tooltip title={reason}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a disabled button takes no focus, and the reason must be read. */}
      <span tabIndex={0} role="note" aria-label={`${t('sync')}: ${reason}`}>
        {button}
      </span>
    </Tooltip>
  )
}

export function LastSync({ menu }: { menu: Answer<'/web/apps/menu'> }): ReactNode {
  const t = useText('menus')
  const last = menu.lastAttempt
  if (!menu.syncMenu || !last) return null
  const isBad = last.outcome === 'failed'
  const [before = '', behind = ''] = t(isBad ? 'lastFailed' : 'lastGood').split('{time}')
  return (
    <State kind={isBad ? 'bad' : 'good'}>
      {before}
      <Time at={last.at} />
      {behind}
    </State>
  )
}
