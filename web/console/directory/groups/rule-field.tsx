import { Button, Checkbox, Input, Radio, Select } from 'antd'
import type { ReactNode } from 'react'
import { useRead } from '../../../ui/data/read.ts'
import { DepartmentPicker, TagPicker } from '../../../ui/pickers.tsx'
import { useText } from '../../../ui/text.ts'
import { type Condition, emptyCondition, noRule, type RuleValues } from './rule-form.ts'

type FieldProps = { value?: RuleValues; onChange?(value: RuleValues): void }

/** A form control for the rule of a group: conditions in rows, or the rule as text. */
export function RuleField(props: FieldProps): ReactNode {
  const t = useText('groups')
  const value = props.value ?? noRule
  const change = (part: Partial<RuleValues>) => props.onChange?.({ ...value, ...part })
  const setAt = (n: number, next: Condition | undefined) =>
    change({ conditions: value.conditions.flatMap((one, at) => (at === n ? (next ?? []) : one)) })
  return (
    <div style={{ display: 'grid', gap: 8 }}>
      <Radio.Group
        aria-label={t('rule')}
        value={value.kind}
        onChange={event => change({ kind: event.target.value as RuleValues['kind'] })}
        options={(['none', 'all', 'any', 'text'] as const).map(kind => ({
          value: kind,
          label: t(`kind_${kind}`),
        }))}
      />
      {value.kind === 'text' ? (
        <Input.TextArea
          aria-label={t('kind_text')}
          rows={8}
          value={value.text}
          onChange={event => change({ text: event.target.value })}
        />
      ) : null}
      {value.kind === 'all' || value.kind === 'any' ? (
        <>
          {value.conditions.map((one, n) => (
            <Row
              key={n}
              n={n + 1}
              condition={one}
              change={next => setAt(n, next)}
              isOnly={value.conditions.length === 1}
            />
          ))}
          <div>
            <Button onClick={() => change({ conditions: [...value.conditions, emptyCondition] })}>
              {t('addCondition')}
            </Button>
          </div>
        </>
      ) : null}
    </div>
  )
}

type Names = Parameters<ReturnType<typeof useText<'groups'>>>[0]

function Row(props: {
  n: number
  condition: Condition
  change(next: Condition | undefined): void
  isOnly: boolean
}): ReactNode {
  const t = useText('groups')
  const { data } = useRead('/web/directory/groups/fields')
  const { n, condition, change } = props
  const known = data?.fields ?? []
  const opsOf = (field: string) =>
    field === 'attribute' ? (data?.ofAttributes ?? []) : (known.find(one => one.field === field)?.ops ?? [])
  const choose = (field: string) => change({ ...condition, field, op: opsOf(field)[0] ?? 'is', values: [] })
  const fields = [...known.map(one => one.field), 'attribute']
  return (
    <fieldset
      aria-label={t('condition', { n })}
      style={{ display: 'flex', flexWrap: 'wrap', gap: 8, border: 0, padding: 0, margin: 0 }}
    >
      <Checkbox
        checked={condition.isNot}
        onChange={event => change({ ...condition, isNot: event.target.checked })}
      >
        {t('isNot')}
      </Checkbox>
      <Select
        aria-label={t('field')}
        style={{ flex: '1 1 130px', width: 'auto' }}
        listHeight={420}
        value={condition.field}
        options={fields.map(field => ({ value: field, label: t(`field_${field}` as Names) }))}
        onChange={choose}
      />
      {condition.field === 'attribute' ? (
        <Input
          aria-label={t('attribute')}
          placeholder={t('attribute')}
          style={{ width: 130 }}
          maxLength={64}
          value={condition.attribute}
          onChange={event => change({ ...condition, attribute: event.target.value })}
        />
      ) : null}
      <Select
        aria-label={t('op')}
        style={{ flex: '1 1 130px', width: 'auto' }}
        value={condition.op}
        options={opsOf(condition.field).map(op => ({ value: op, label: t(`op_${op}` as Names) }))}
        onChange={op => change({ ...condition, op, values: [] })}
      />
      <div style={{ flex: '3 1 180px' }}>
        <Values condition={condition} change={values => change({ ...condition, values })} />
      </div>
      {props.isOnly ? null : (
        <Button aria-label={t('removeCondition', { n })} onClick={() => change(undefined)}>
          {t('takeAway')}
        </Button>
      )}
    </fieldset>
  )
}

const choices: Readonly<Record<string, readonly string[]>> = {
  status: ['active', 'disabled', 'notActivated', 'external'],
  leader: ['yes', 'no'],
  sex: ['1', '2', '0'],
}
const ofOneValue = ['from', 'before', 'daysAgo', 'withinPast', 'withinNext', 'atLeast', 'atMost']

function Values(props: { condition: Condition; change(values: string[]): void }): ReactNode {
  const t = useText('groups')
  const { condition, change } = props
  const { field, op, values } = condition
  const ids = values.map(Number)
  const choice = choices[field]
  if (op === 'empty') return null
  if (field === 'department' || field === 'mainDepartment')
    return <DepartmentPicker label={t('values')} value={ids} onChange={next => change(next.map(String))} />
  if (field === 'tag')
    return <TagPicker label={t('values')} value={ids} onChange={next => change(next.map(String))} />
  if (ofOneValue.includes(op))
    return (
      <Input
        aria-label={t('values')}
        type={op === 'from' || op === 'before' ? 'date' : 'text'}
        maxLength={40}
        value={values[0] ?? ''}
        onChange={event => change(event.target.value === '' ? [] : [event.target.value])}
      />
    )
  return (
    <Select
      aria-label={t('values')}
      mode={choice ? 'multiple' : 'tags'}
      style={{ width: '100%' }}
      {...(choice ? {} : { open: false, suffixIcon: null })}
      placeholder={choice ? '' : t('typeValues')}
      value={values}
      options={(choice ?? []).map(one => ({ value: one, label: t(`${field}_${one}` as Names) }))}
      onChange={change}
    />
  )
}
