import { Checkbox, Form, Input, Segmented, Select } from 'antd'
import type { ReactNode } from 'react'
import { useText } from '../../../../ui/text.ts'
import { textOf } from '../../../../ui/wecom-card/loose.ts'
import type { Path } from './card-draft.ts'
import { useCard, useField } from './use-card.ts'

type Props = { path: Path; label: string; required?: boolean; hint?: string }

/** `keyName`: the field beside it that follows this label. `advised`: as many characters as WeCom advises; it cuts or hides more. `isBare`: the label is for those who do not see the line. */
export function TextField(
  props: Props & {
    advised?: number
    placeholder?: string
    rows?: number
    isBare?: boolean
    keyName?: 'key' | 'id' | 'question_key'
  },
): ReactNode {
  const { id, value, set, setLabel, touch, said } = useField(props.path)
  const { advised, rows, isBare = false, label, placeholder = '' } = props
  const shared = {
    id,
    value: textOf(value),
    placeholder: isBare ? label : placeholder,
    onBlur: touch,
    onChange: ({ target }: { target: { value: string } }) =>
      props.keyName ? setLabel(target.value, props.keyName) : set(target.value),
    ...(isBare ? { 'aria-label': label } : {}),
    ...(advised ? { count: { show: true, max: advised, strategy: lengthOf } } : {}),
  }
  return (
    <Form.Item
      {...(isBare ? {} : { label, htmlFor: id })}
      required={props.required === true}
      extra={props.hint}
      {...said}
    >
      {rows ? <Input.TextArea {...shared} rows={rows} /> : <Input {...shared} />}
    </Form.Item>
  )
}

/** By what programs know a line. It follows the label, so that only those who ask for it see it. */
export function KeyField(props: Props & { isBare?: boolean }): ReactNode {
  return useCard().hasKeys ? <TextField {...props} /> : null
}

/** Characters as people and WeCom count them. */
const lengthOf = (text: string) => [...text].length

/** A few values, all in sight. */
export function ChoiceField<V extends number>(
  props: Props & { options: readonly (readonly [V, string])[]; onChange?: (value: V) => void },
): ReactNode {
  const { value, set, said } = useField(props.path)
  return (
    <Form.Item label={props.label} extra={props.hint} {...said}>
      <Segmented<V>
        aria-label={props.label}
        value={(value ?? props.options[0]?.[0]) as V}
        options={props.options.map(([one, label]) => ({ value: one, label }))}
        onChange={chosen => (props.onChange ?? set)(chosen)}
      />
    </Form.Item>
  )
}

/** One of several values; `empty` stands for none. */
export function SelectField<V extends string | number>(
  props: Props & {
    options: readonly { value: V; label: string }[]
    empty?: string
    onChange?: (value: V | undefined) => void
  },
): ReactNode {
  const { id, value, set, said } = useField(props.path)
  return (
    <Form.Item label={props.label} htmlFor={id} extra={props.hint} {...said}>
      <Select<V>
        id={id}
        allowClear={props.empty !== undefined}
        placeholder={props.empty}
        value={
          (value as V | undefined) ?? (props.empty === undefined ? (props.options[0]?.value ?? null) : null)
        }
        options={[...props.options]}
        onChange={chosen => (props.onChange ?? set)(chosen ?? undefined)}
      />
    </Form.Item>
  )
}

export function TickField(props: Omit<Props, 'required'>): ReactNode {
  const { value, set, said } = useField(props.path)
  return (
    <Form.Item extra={props.hint} {...said}>
      <Checkbox checked={value === true} onChange={event => set(event.target.checked || undefined)}>
        {props.label}
      </Checkbox>
    </Form.Item>
  )
}

/** What the server says about a whole part or list, which has no field of its own. */
export function PartSaid({ path }: { path: Path }): ReactNode {
  const { said } = useField(path)
  if (!said.help) return null
  return (
    <Form.Item {...said} style={{ marginBottom: 8 }}>
      <span />
    </Form.Item>
  )
}

/** Where something leads: nowhere, to an address, into a mini-program. */
export function JumpFields(props: { path: Path; must?: boolean }): ReactNode {
  const t = useText('cards')
  const { value, set } = useField(props.path)
  const jump = (value ?? {}) as { type?: number }
  const type = jump.type ?? (props.must ? 1 : 0)
  const to = (next: number) => {
    const { url, appid, pagepath, ...rest } = jump as Record<string, unknown>
    const kept = next === 1 ? { url } : next === 2 ? { appid, pagepath } : {}
    const given = Object.entries(kept).filter(([, one]) => one !== undefined)
    set({ ...rest, ...(next === 0 ? { type: undefined } : { type: next }), ...Object.fromEntries(given) })
  }
  const types = [
    ...(props.must ? [] : [[0, t('nowhere')] as const]),
    [1, t('toUrl')] as const,
    [2, t('toMiniProgram')] as const,
  ]
  return (
    <>
      <ChoiceField path={`${props.path}.type`} label={t('leadsTo')} options={types} onChange={to} />
      {type === 1 ? (
        <TextField path={`${props.path}.url`} label={t('url')} required placeholder="https://" />
      ) : null}
      {type === 2 ? (
        <div className="wisp-two">
          <TextField path={`${props.path}.appid`} label={t('appid')} required />
          <TextField path={`${props.path}.pagepath`} label={t('pagepath')} />
        </div>
      ) : null}
    </>
  )
}
