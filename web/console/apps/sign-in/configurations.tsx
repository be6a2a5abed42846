import { Alert, Button, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { useRead } from '../../../ui/data/read.ts'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { CopyButton } from '../../../ui/values/copy.tsx'
import { State } from '../../../ui/values/state.tsx'
import { type FreshSecret, useKeepFresh } from '../programs/fresh.ts'

/** What the server writes in the place of a secret that it does not tell again. */
const placeholder = 'CLIENT_SECRET'

/** Configurations of well-known software with the app's own values; a `fresh` secret is among them, and shown by itself. */
export function Configurations({ id, fresh }: { id: string; fresh?: FreshSecret | undefined }): ReactNode {
  const t = useText('app-sign-in')
  const { data } = useRead('/web/apps/sign-in/configurations', { id })
  const [chosen, setChosen] = useState<string>()
  const list = data?.list ?? []
  const wanted = chosen ?? fresh?.program
  const shown = list.find(one => one.id === wanted) ?? list.find(one => one.isRegistered) ?? list[0]
  if (!shown) return null
  const secret = fresh?.secret ?? ''
  const text = secret === '' ? shown.text : shown.text.replaceAll(placeholder, secret)
  return (
    <Panel title={fresh ? t('putInto', { name: shown.name }) : t('configurations')}>
      {secret === '' ? null : <Once id={id} secret={secret} />}
      <div className="sign-in-line">
        <Select
          value={shown.id}
          onChange={setChosen}
          aria-label={t('software')}
          style={{ minWidth: 200 }}
          options={list.map(one => ({ value: one.id, label: one.name }))}
        />
        <State kind={shown.isTried ? 'good' : 'idle'}>{t(shown.isTried ? 'tried' : 'untried')}</State>
        <code className="wisp-quiet">{shown.file}</code>
        <CopyButton value={text} what={shown.name} withText />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard. */}
      <pre className="sign-in-code" tabIndex={0}>
        {text}
      </pre>
      <p className="wisp-quiet">
        {t(shown.isTried ? 'triedHint' : 'untriedHint')}
        {text.includes(placeholder) ? t('secretMissing') : null}
      </p>
    </Panel>
  )
}

/** The secret, which no page shows again. */
function Once({ id, secret }: { id: string; secret: string }): ReactNode {
  const t = useText('app-sign-in')
  const common = useText('common')
  const keep = useKeepFresh()
  return (
    <Alert
      type="warning"
      showIcon
      className="sign-in-once"
      title={common('secretOnce')}
      description={
        <span className="sign-in-line">
          {t('clientSecret')} <code className="sign-in-grow">{secret}</code>
          <CopyButton value={secret} what={t('clientSecret')} withText />
        </span>
      }
      action={
        <Button size="small" onClick={() => keep(id, undefined)}>
          {common('secretCopied')}
        </Button>
      }
    />
  )
}
