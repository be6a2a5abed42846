import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Radio, Select } from 'antd'
import type { ReactNode } from 'react'
import { ContentsField } from './contents-field.tsx'
import { useRepliesText } from './owner.tsx'
import { matches, type Step } from './words.ts'
import './replies.css'

type NextStep = Step['next']
type WaitStep = Extract<NextStep, { type: 'wait' }>
type Branch = WaitStep['branches'][number]
type Choice = { value: string; label: string }

/** The steps of a flow, as a list to be read from top to bottom. Forms give `value` and `onChange`. */
export function StepsField(props: { value?: readonly Step[]; onChange?(steps: Step[]): void }): ReactNode {
  const t = useRepliesText()
  const { value = [], onChange = () => undefined } = props
  const choices = value.map((step, index) => ({ value: step.id, label: nameOf(step, index, t) }))
  const add = () =>
    onChange([
      ...value,
      { id: freeId(value), contents: [{ type: 'text', content: '' }], next: { type: 'end' } },
    ])
  return (
    <ol className="replies-list">
      {value.map((step, index) => (
        <li key={step.id} className="replies-card">
          <div className="replies-card-head">
            <strong>{t('step', { n: index + 1 })}</strong>
            {value.length > 1 ? (
              <Button
                type="text"
                size="small"
                icon={<DeleteOutlined />}
                aria-label={t('removeStep', { n: index + 1 })}
                onClick={() => onChange(value.filter(one => one !== step))}
              />
            ) : null}
          </div>
          <StepFields
            step={step}
            choices={choices.filter(one => one.value !== step.id)}
            onChange={changed => onChange(value.with(index, changed))}
          />
        </li>
      ))}
      <li>
        <Button icon={<PlusOutlined />} onClick={add}>
          {t('addStep')}
        </Button>
      </li>
    </ol>
  )
}

function nameOf(step: Step, index: number, t: ReturnType<typeof useRepliesText>): string {
  const said = step.contents
    .find(one => one.type === 'text')
    ?.content.trim()
    .slice(0, 12)
  const name = t('step', { n: index + 1 })
  return said ? `${name}：${said}` : name
}

function freeId(steps: readonly Step[]): string {
  for (let n = steps.length + 1; ; n++) if (!steps.some(step => step.id === `s${n}`)) return `s${n}`
}

function StepFields(props: { step: Step; choices: Choice[]; onChange(step: Step): void }): ReactNode {
  const t = useRepliesText()
  const { step, choices, onChange } = props
  const { next } = step
  const change = (changed: NextStep) => onChange({ ...step, next: changed })
  const begin = (type: NextStep['type']): NextStep => {
    if (type === 'wait') return { type, branches: [], otherwise: 'end' }
    return type === 'go' ? { type, to: choices[0]?.value ?? '' } : { type }
  }
  return (
    <div className="replies-fields">
      <ContentsField
        label={t('contents')}
        value={step.contents}
        onChange={contents => onChange({ ...step, contents })}
      />
      <Radio.Group
        // Without a name of their own, the buttons of all steps would be one group: the form gives them its field's.
        name={`next-${step.id}`}
        aria-label={t('next')}
        value={next.type}
        options={(['wait', 'go', 'end'] as const).map(value => ({
          value,
          label: t(`next:${value}`),
          disabled: value === 'go' && choices.length === 0,
        }))}
        onChange={event => change(begin(event.target.value))}
      />
      {next.type === 'go' ? (
        <Select
          aria-label={t('next:go')}
          value={next.to}
          options={choices}
          onChange={to => change({ type: 'go', to })}
        />
      ) : null}
      {next.type === 'wait' ? <WaitFields wait={next} choices={choices} onChange={change} /> : null}
    </div>
  )
}

function WaitFields(props: { wait: WaitStep; choices: Choice[]; onChange(wait: WaitStep): void }): ReactNode {
  const t = useRepliesText()
  const { wait, choices, onChange } = props
  const { branches } = wait
  const targets = [...choices, { value: 'end', label: t('to:end') }]
  const others = (['again', 'end', 'leave'] as const).map(value => ({ value, label: t(`to:${value}`) }))
  const add = () => onChange({ ...wait, branches: [...branches, { match: 'exact', words: [], to: 'end' }] })
  return (
    <>
      {branches.map((branch, index) => (
        <BranchFields
          key={index}
          branch={branch}
          targets={targets}
          onChange={changed => onChange({ ...wait, branches: branches.with(index, changed) })}
          onRemove={() => onChange({ ...wait, branches: branches.filter((_one, other) => other !== index) })}
        />
      ))}
      <span>
        <Button size="small" icon={<PlusOutlined />} onClick={add}>
          {t('addBranch')}
        </Button>
      </span>
      <div className="replies-row">
        <span>{t(branches.length > 0 ? 'otherwise' : 'whatever')}</span>
        <Select
          style={{ minWidth: 200 }}
          aria-label={t('otherwise')}
          value={wait.otherwise}
          options={[...choices, ...others]}
          onChange={otherwise => onChange({ ...wait, otherwise })}
        />
      </div>
    </>
  )
}

function BranchFields(props: {
  branch: Branch
  targets: Choice[]
  onChange(branch: Branch): void
  onRemove(): void
}): ReactNode {
  const t = useRepliesText()
  const { branch, targets, onChange } = props
  return (
    <div className="replies-row">
      <Select
        style={{ width: 110 }}
        aria-label={t('match')}
        value={branch.match}
        options={matches.map(value => ({ value, label: t(`match:${value}`) }))}
        onChange={match => onChange({ ...branch, match })}
      />
      <Select
        mode="tags"
        open={false}
        suffixIcon={null}
        style={{ flex: '1 1 160px', minWidth: 0 }}
        aria-label={t('words:keyword')}
        placeholder={t('branchWords')}
        tokenSeparators={branch.match === 'regex' ? [] : [',', '，']}
        value={[...branch.words]}
        onChange={words => onChange({ ...branch, words })}
      />
      <span aria-hidden="true">→</span>
      <Select
        style={{ flex: '1 1 140px', minWidth: 0 }}
        aria-label={t('to')}
        value={branch.to}
        options={targets}
        onChange={to => onChange({ ...branch, to })}
      />
      <Button type="text" icon={<DeleteOutlined />} aria-label={t('removeBranch')} onClick={props.onRemove} />
    </div>
  )
}
