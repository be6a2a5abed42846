import { Switch } from 'antd'
import { type ReactNode, useId } from 'react'
import { useAct } from '../../ui/data/act.tsx'
import { useRead } from '../../ui/data/read.ts'
import { useText } from '../../ui/text.ts'

const path = '/web/apps/popups'

/** Whether popups may show pages of any site, with what that means now. It affects everybody, so a change has to be confirmed. */
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
    <section className="apps-rule">
      <Switch
        aria-labelledby={id}
        aria-describedby={`${id}-hint`}
        checked={data.registeredOnly}
        loading={act.isRunning}
        onChange={isOn => void act.run({ rule: isOn ? 'registered' : 'any' })}
      />
      <div>
        <div id={id}>{t('popupsRule')}</div>
        <div id={`${id}-hint`} className="wisp-quiet">
          {t(data.registeredOnly ? 'popupsLimitHint' : 'popupsFreeHint')}
        </div>
      </div>
    </section>
  )
}
