import { Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { useRead } from '../../../ui/data/read.ts'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { CopyButton } from '../../../ui/values/copy.tsx'
import { State } from '../../../ui/values/state.tsx'

/** Configurations of well-known software with the app's own values. */
export function Configurations({ id }: { id: string }): ReactNode {
  const t = useText('app-sign-in')
  const { data } = useRead('/web/apps/sign-in/configurations', { id })
  const [name, setName] = useState<string>()
  const list = data?.list ?? []
  const shown = list.find(one => one.name === name) ?? list[0]
  if (!shown) return null
  return (
    <Panel title={t('configurations')}>
      <div className="sign-in-line">
        <Select
          value={shown.name}
          onChange={setName}
          aria-label={t('software')}
          style={{ minWidth: 200 }}
          options={list.map(one => ({ value: one.name, label: one.name }))}
        />
        <State kind={shown.isTried ? 'good' : 'idle'}>{t(shown.isTried ? 'tried' : 'untried')}</State>
        <code className="wisp-quiet">{shown.file}</code>
        <CopyButton value={shown.text} what={shown.name} withText />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard. */}
      <pre className="sign-in-code" tabIndex={0}>
        {shown.text}
      </pre>
      <p className="wisp-quiet">{t(shown.isTried ? 'triedHint' : 'untriedHint')}</p>
    </Panel>
  )
}
