import { Switch } from 'antd'
import { type ReactNode, useId } from 'react'
import { useAct } from '../../ui/data/act.tsx'
import { useRead } from '../../ui/data/read.ts'
import { useText } from '../../ui/text.ts'

const path = '/web/apps/popups'

/** The setting whether popups may show pages of any site. It affects everybody, so a change has to be confirmed. */
export function PopupRule(): ReactNode {
  const t = useText('apps')
  const id = useId()
  const { data } = useRead(path)
  const act = useAct('/web/apps/popups-set', {
    done: t('popupsSaved'),
    refresh: [path],
    confirm: ({ rule }) => ({
      title: t(rule === 'registered' ? 'popupsLimit' : 'popupsFree'),
      content: t(rule === 'registered' ? 'popupsLimitHint' : 'popupsFreeHint'),
    }),
  })
  if (!data) return null
  return (
    <span style={{ display: 'inline-flex', gap: 8, alignItems: 'center' }}>
      <Switch
        aria-labelledby={id}
        checked={data.registeredOnly}
        loading={act.isRunning}
        onChange={isOn => void act.run({ rule: isOn ? 'registered' : 'any' })}
      />
      <span id={id}>{t('popupsRule')}</span>
    </span>
  )
}
