import { Checkbox, Form, Input, InputNumber } from 'antd'
import { type ReactNode, useState } from 'react'
import { SideDrawer } from '../../ui/address/drawer.tsx'
import { DrawerForm } from '../../ui/address/drawer-form.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { type FieldsOf, useFormAct } from '../../ui/data/form-act.ts'
import { useText } from '../../ui/text.ts'
import { agentUses } from './agent-uses.ts'
import { Refusal } from './refusal.tsx'
import './corps.css'

/** Adds an agent. Its secret is checked with WeCom before it is saved. */
export function AgentForm(props: { isOpen: boolean; close(): void }): ReactNode {
  const t = useText('corps')
  return (
    <SideDrawer isOpen={props.isOpen} title={t('addAgent')} close={props.close}>
      {props.isOpen ? <NewAgent saved={props.close} /> : null}
    </SideDrawer>
  )
}

/** An agent that was added already is the one refusal that names no input. */
export const fieldsOfAgent: FieldsOf = {
  named: { agentId: 'agentId', name: 'name', secret: 'secret', uses: 'uses' },
  otherwise: 'agentId',
}

/** What a call that brings or changes an agent makes others show. */
export const refreshAgents = ['/web/corps', '/web/start', '/web/messages/']

type Values = { agentId: number; name: string; secret?: string; uses: string[] }

/** The form itself, in a drawer or on a page. */
export function NewAgent(props: { saved?: () => void }): ReactNode {
  const t = useText('corps')
  const common = useText('common')
  const [form] = Form.useForm<Values>()
  const [outcome, setOutcome] = useState<Answer<'/web/corps/add'>>()
  const act = useFormAct('/web/corps/agents/add', form, fieldsOfAgent, {
    done: output => (output.saved ? t('saved') : undefined),
    refresh: refreshAgents,
  })
  const save = async (force: boolean) => {
    const values = await form.validateFields()
    const secret = values.secret?.trim() ?? ''
    const result = await act.run({ ...values, secret, force: force ? '1' : '0' })
    if (!result?.saved) return setOutcome(result)
    form.resetFields()
    props.saved?.()
  }
  const submit = (force: boolean) => void save(force).catch(() => undefined)
  return (
    <div className="corps-form">
      <DrawerForm<Values>
        form={form}
        name="agent"
        submit={common('save')}
        isRunning={act.isRunning}
        initialValues={{ uses: agentUses.map(one => one.value) }}
        onFinish={() => submit(false)}
        onValuesChange={() => setOutcome(undefined)}
      >
        <Form.Item name="agentId" label={t('agentId')} extra={t('agentIdHelp')} rules={[{ required: true }]}>
          <InputNumber min={1} max={2_147_483_647} precision={0} controls={false} style={{ width: '100%' }} />
        </Form.Item>
        <AgentInputs isNew />
      </DrawerForm>
      {outcome && !outcome.saved ? (
        <Refusal checks={outcome.checks} isSaving={act.isRunning} force={() => submit(true)} />
      ) : null}
    </div>
  )
}

/** What may be changed of an agent later on. */
export function AgentInputs(props: { isNew?: boolean }): ReactNode {
  const t = useText('corps')
  const { isNew = false } = props
  return (
    <>
      <Form.Item name="name" label={t('agentName')} rules={[{ required: true, whitespace: true }]}>
        <Input autoComplete="off" maxLength={64} />
      </Form.Item>
      <Form.Item
        name="secret"
        label={t('agentSecret')}
        extra={isNew ? t('agentSecretHelp') : t('agentSecretKeep')}
        rules={isNew ? [{ required: true, whitespace: true }] : []}
      >
        <Input.Password autoComplete="off" maxLength={256} />
      </Form.Item>
      <Form.Item name="uses" label={t('uses')}>
        <Checkbox.Group style={{ display: 'grid', gap: 8 }}>
          {agentUses.map(use => (
            <Checkbox key={use.value} value={use.value}>
              {t(use.word)} <span className="wisp-quiet">{t(use.help)}</span>
            </Checkbox>
          ))}
        </Checkbox.Group>
      </Form.Item>
    </>
  )
}
