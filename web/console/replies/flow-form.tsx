import { Button, Form, Input, InputNumber, Switch } from 'antd'
import type { ReactNode } from 'react'
import { DrawerForm } from '../../ui/address/drawer-form.tsx'
import { useOpen } from '../../ui/address/url-drawer.tsx'
import { useAct } from '../../ui/data/act.tsx'
import { useUnsaved } from '../../ui/data/unsaved.ts'
import { useText } from '../../ui/text.ts'
import { refreshReplies, useOwner, useRepliesText } from './owner.tsx'
import { StepsField } from './steps-field.tsx'
import type { Flow } from './words.ts'

export function FlowForm(props: {
  flow: Flow
  /** Undefined for a new flow. */
  saved?: { id: number; version: string }
}): ReactNode {
  const t = useRepliesText()
  const common = useText('common')
  const { close } = useOpen('flow')
  const unsaved = useUnsaved()
  const { calls, input, noTimeout } = useOwner()
  const act = useAct(calls.saveFlow, {
    done: t('saved'),
    refresh: refreshReplies,
  })
  const save = async (flow: Flow) => {
    const saved = await act.run({ ...input, ...props.saved, flow: flow as never })
    if (!saved) return
    unsaved.clear()
    close()
  }
  return (
    <DrawerForm<Flow>
      submit={common('save')}
      isRunning={act.isRunning}
      more={props.saved ? <RemoveFlow id={props.saved.id} name={props.flow.name} /> : null}
      initialValues={props.flow}
      onValuesChange={unsaved.touch}
      onFinish={flow => void save(flow)}
    >
      <Form.Item
        name="name"
        label={t('name')}
        rules={[{ required: true, whitespace: true, message: t('nameRequired') }]}
      >
        <Input maxLength={64} />
      </Form.Item>
      <Form.Item name="minutes" label={t('minutes')} extra={t('minutesHint')}>
        <InputNumber min={1} max={2880} precision={0} style={{ width: 130 }} />
      </Form.Item>
      <Form.Item name="timeoutText" label={t('timeoutText')} extra={noTimeout ?? t('timeoutTextHint')}>
        <Input.TextArea rows={2} placeholder={t('timeoutTextNone')} disabled={noTimeout !== undefined} />
      </Form.Item>
      <Form.Item name="enabled" label={t('enabled')} valuePropName="checked">
        <Switch />
      </Form.Item>
      <Form.Item name="steps" label={t('steps')}>
        <StepsField />
      </Form.Item>
    </DrawerForm>
  )
}

function RemoveFlow(props: { id: number; name: string }): ReactNode {
  const t = useRepliesText()
  const { close } = useOpen('flow')
  const { calls, input } = useOwner()
  const act = useAct(calls.removeFlow, {
    done: t('removed'),
    refresh: refreshReplies,
    confirm: () => ({
      title: t('removeFlowTitle', { name: props.name }),
      content: t('removeFlowHint'),
      okText: t('remove'),
      danger: true,
    }),
  })
  const remove = async () => {
    if (await act.run({ ...input, id: props.id })) close()
  }
  return (
    <Button danger loading={act.isRunning} onClick={() => void remove()}>
      {t('remove')}
    </Button>
  )
}
