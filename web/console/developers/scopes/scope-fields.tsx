import { CheckOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Checkbox, Form } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Answer } from '../../../ui/data/api.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useText } from '../../../ui/text.ts'
import { LastDay } from './last-day.tsx'
import { useScopeName } from './scope-name.ts'

type Choices = Answer<'/web/developers/choices'>
type Purpose = Choices['purposes'][number]
type Change = (scopes: string[]) => void

/** What a developer is for, which chooses its scopes, and the days on which they end where some do. */
export function ScopeFields(): ReactNode {
  const t = useText('developers')
  return (
    <>
      <Form.Item name="scopes" label={t('purposes')} extra={t('scopesHelp')}>
        <PurposesField />
      </Form.Item>
      <DaysField />
    </>
  )
}

function PurposesField(props: { id?: string; value?: string[]; onChange?: Change }): ReactNode {
  const t = useText('developers')
  const { id, value = [], onChange = () => undefined } = props
  const { data } = useRead('/web/developers/choices')
  const purposes = offered(data, value)
  return (
    <div id={id} className="developers-purposes">
      <fieldset className="developers-chips" aria-label={t('purposes')}>
        {purposes.map(purpose => (
          <PurposeChip key={purpose.name} purpose={purpose} value={value} onChange={onChange} />
        ))}
      </fieldset>
      {purposes
        .filter(purpose => isFor(purpose, value) && scopesOf(purpose).length > 1)
        .map(purpose => (
          <ScopesOfPurpose key={purpose.name} purpose={purpose} value={value} onChange={onChange} />
        ))}
    </div>
  )
}

const scopesOf = ({ scopes, asked }: Pick<Purpose, 'scopes' | 'asked'>): string[] => [...scopes, ...asked]
const isFor = (purpose: Purpose, value: readonly string[]) =>
  scopesOf(purpose).some(one => value.includes(one))

/** Scopes of a feature that is switched off are kept by whoever has them, and offered to nobody else. */
function offered(data: Choices | undefined, held: readonly string[]): Purpose[] {
  if (!data) return []
  const isShown = (scope: Purpose['scopes'][number]) => data.scopes.includes(scope) || held.includes(scope)
  return data.purposes
    .map(one => ({ ...one, scopes: one.scopes.filter(isShown), asked: one.asked.filter(isShown) }))
    .filter(one => scopesOf(one).length > 0)
}

function PurposeChip(props: { purpose: Purpose; value: string[]; onChange: Change }): ReactNode {
  const { purpose, value, onChange } = props
  const isOn = isFor(purpose, value)
  const turn = () => {
    const others = value.filter(scope => !scopesOf(purpose).includes(scope))
    onChange(isOn ? others : [...others, ...(purpose.scopes.length > 0 ? purpose.scopes : purpose.asked)])
  }
  return (
    <Button
      shape="round"
      aria-pressed={isOn}
      className={isOn ? 'is-on' : ''}
      icon={isOn ? <CheckOutlined aria-hidden /> : <PlusOutlined aria-hidden />}
      onClick={turn}
    >
      {purpose.text}
    </Button>
  )
}

/** The scopes of a purpose: what comes with it is ticked, what is asked for is not. Folded where a developer has them all. */
function ScopesOfPurpose(props: { purpose: Purpose; value: string[]; onChange: Change }): ReactNode {
  const { purpose, value, onChange } = props
  const nameOf = useScopeName()
  const scopes = scopesOf(purpose)
  const held = scopes.filter(scope => value.includes(scope)).length
  const [isOpen] = useState(held < scopes.length)
  return (
    <details open={isOpen}>
      <summary className="developers-purpose wisp-quiet">
        {purpose.text} {held}/{scopes.length}
      </summary>
      <fieldset className="developers-ticks" aria-label={purpose.text}>
        {scopes.map(scope => (
          <Checkbox
            key={scope}
            checked={value.includes(scope)}
            onChange={event =>
              onChange(event.target.checked ? [...value, scope] : value.filter(one => one !== scope))
            }
          >
            {nameOf(scope)} <code className="wisp-quiet">{scope}</code>
          </Checkbox>
        ))}
      </fieldset>
    </details>
  )
}

/** The last days of scopes; asked for only where somebody wants one, or there is one already. */
function DaysField(): ReactNode {
  const t = useText('developers')
  const owners = useText('developer-owners')
  const nameOf = useScopeName()
  const form = Form.useFormInstance()
  const chosen = Form.useWatch<string[] | undefined>('scopes', form) ?? []
  const days = Form.useWatch<Record<string, unknown> | undefined>('scopeDays', { form, preserve: true }) ?? {}
  const [isAsked, setAsked] = useState(false)
  const isShown = isAsked || chosen.some(scope => days[scope])
  if (chosen.length === 0) return null
  if (!isShown)
    return (
      <Button type="link" className="developers-ask-days" onClick={() => setAsked(true)}>
        {t('askDays')}
      </Button>
    )
  return (
    <Form.Item label={owners('lastDay')}>
      {chosen.map(scope => (
        <div key={scope} className="developers-scope">
          <span>
            {nameOf(scope)} <code className="wisp-quiet">{scope}</code>
          </span>
          <Form.Item name={['scopeDays', scope]} noStyle>
            <LastDay size="small" aria-label={`${owners('lastDay')} ${scope}`} />
          </Form.Item>
        </div>
      ))}
    </Form.Item>
  )
}
