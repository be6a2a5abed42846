import { Form, Input, InputNumber, Radio, Select, Switch } from 'antd'
import type { ReactNode } from 'react'
import { DrawerForm } from '../../ui/address/drawer-form.tsx'
import { useOpen } from '../../ui/address/url-drawer.tsx'
import { useAct } from '../../ui/data/act.tsx'
import { useUnsaved } from '../../ui/data/unsaved.ts'
import { useText } from '../../ui/text.ts'
import { ContentsField } from './contents-field.tsx'
import { HoursField } from './hours-field.tsx'
import { refreshReplies, useOwner, useRepliesText } from './owner.tsx'
import { agains, type Content, type FlowChoice, matches, type Rule } from './words.ts'

type Values = Omit<Rule, 'flowId'> & { flowId: number | undefined }

export function RuleForm(props: {
  rule: Rule
  /** Undefined for a new rule. */
  saved?: { id: number; version: string }
  flows: readonly FlowChoice[]
  /** Why only one message can be answered; '' when more can. */
  onlyOne: string
  remove?: ReactNode
}): ReactNode {
  const t = useRepliesText()
  const common = useText('common')
  const { close } = useOpen('rule')
  const [form] = Form.useForm<Values>()
  const unsaved = useUnsaved()
  const { calls, input, kinds } = useOwner()
  const act = useAct(calls.saveRule, {
    done: t('saved'),
    refresh: refreshReplies,
  })
  const kind = Form.useWatch('kind', form) ?? props.rule.kind
  const match = Form.useWatch('match', form) ?? props.rule.match
  const contents = (Form.useWatch('contents', form) ?? props.rule.contents) as readonly Content[]
  const save = async () => {
    const { flowId, ...values } = { ...props.rule, ...form.getFieldsValue(true) } as Values
    const word = values.kind === 'keyword' ? values.words[0]?.slice(0, 64) : undefined
    const name = values.name.trim() || word || t(`kind:${values.kind}`)
    const rule = { ...values, name, flowId: flowId ?? null }
    const saved = await act.run({ ...input, ...props.saved, rule: rule as never })
    if (!saved) return
    unsaved.clear()
    close()
  }
  return (
    <DrawerForm<Values>
      form={form}
      submit={common('save')}
      isRunning={act.isRunning}
      more={props.remove}
      initialValues={{ ...props.rule, flowId: props.rule.flowId ?? undefined }}
      onValuesChange={unsaved.touch}
      onFinish={() => void save()}
    >
      <Form.Item name="kind" label={t('kind')} extra={t(`kindHint:${kind}`)}>
        <Select options={kinds.map(value => ({ value, label: t(`kind:${value}`) }))} />
      </Form.Item>
      {kind === 'keyword' ? (
        <Form.Item name="match" label={t('match')}>
          <Radio.Group
            optionType="button"
            options={matches.map(value => ({ value, label: t(`match:${value}`) }))}
          />
        </Form.Item>
      ) : null}
      {kind === 'enter' ? (
        <Form.Item name="again" label={t('again')} extra={t('againHint')}>
          <Select options={agains.map(value => ({ value, label: t(`again:${value}`) }))} />
        </Form.Item>
      ) : null}
      <WordsItem kind={kind} match={match} />
      <Form.Item name="contents" label={t('contents')} extra={contents.length > 1 ? props.onlyOne : ''}>
        <ContentsField label={t('contents')} />
      </Form.Item>
      {contents.length > 1 ? (
        <Form.Item name="pick" label={t('pick')}>
          <Radio.Group
            options={(['all', 'one'] as const).map(value => ({ value, label: t(`pick:${value}`) }))}
          />
        </Form.Item>
      ) : null}
      <Form.Item name="flowId" label={t('beginFlow')} extra={t('beginFlowHint')}>
        <Select
          allowClear
          placeholder={t('noFlow')}
          options={props.flows.map(flow => ({
            value: flow.id,
            label: flow.enabled ? flow.name : `${flow.name}（${t('disabled')}）`,
          }))}
        />
      </Form.Item>
      <Form.Item name="name" label={t('name')} extra={t('nameHint')}>
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item name="priority" label={t('priority')} extra={t('priorityHint')}>
        <InputNumber min={0} max={1000} precision={0} style={{ width: 130 }} />
      </Form.Item>
      <Form.Item name="hours" label={t('hours')}>
        <HoursField />
      </Form.Item>
      <Form.Item name="enabled" label={t('enabled')} valuePropName="checked">
        <Switch />
      </Form.Item>
    </DrawerForm>
  )
}

function WordsItem({ kind, match }: Pick<Rule, 'kind' | 'match'>): ReactNode {
  const t = useRepliesText()
  const { messageTypes } = useOwner()
  if (kind === 'enter' || kind === 'subscribe' || kind === 'default') return null
  const rules = [{ required: true, message: t('wordsRequired') }]
  if (kind === 'type')
    return (
      <Form.Item name="words" label={t('words:type')} rules={rules}>
        <Select mode="multiple" options={messageTypes.map(value => ({ value, label: t(`type:${value}`) }))} />
      </Form.Item>
    )
  const isRegex = kind === 'keyword' && match === 'regex'
  const label = kind === 'menu' ? 'menu' : isRegex ? 'regex' : 'keyword'
  return (
    <Form.Item name="words" label={t(`words:${label}`)} extra={t(`wordsHint:${label}`)} rules={rules}>
      <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={isRegex ? [] : [',', '，', '\n']} />
    </Form.Item>
  )
}
