import { Form, Input } from 'antd'
import { type ReactNode, useState } from 'react'
import { DrawerForm } from '../../ui/address/drawer-form.tsx'
import { useGo } from '../../ui/address/url-state.ts'
import { useRefresh } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { type FieldsOf, useFormAct } from '../../ui/data/form-act.ts'
import { useSession } from '../../ui/data/session.tsx'
import { useText } from '../../ui/text.ts'
import { Refusal } from './refusal.tsx'
import './corps.css'

type Fields = { newCorpId: string; name: string; contactSecret: string; publicUrl?: string }

/** A corp that is connected already is the one refusal that names no input. */
const fieldsOf: FieldsOf = {
  named: {
    newCorpId: 'newCorpId',
    corpId: 'newCorpId',
    name: 'name',
    contactSecret: 'contactSecret',
    publicUrl: 'publicUrl',
  },
  otherwise: 'newCorpId',
}

/**
 * Connects a corp: the secret is checked with WeCom first, then the first sync starts, and the page of day one goes on
 * with that corp.
 */
export function ConnectForm(): ReactNode {
  const t = useText('corps')
  const { chooseCorp } = useSession()
  const go = useGo()
  const refresh = useRefresh()
  const [form] = Form.useForm<Fields>()
  const [outcome, setOutcome] = useState<Answer<'/web/corps/add'>>()
  const act = useFormAct('/web/corps/add', form, fieldsOf, {
    done: output => (output.saved ? t('addDone') : undefined),
    refresh: ['/web/corps'],
  })
  const save = async (force: boolean) => {
    const fields = await form.validateFields()
    const newCorpId = fields.newCorpId.trim()
    const contactSecret = fields.contactSecret.trim()
    const result = await act.run({ ...fields, newCorpId, contactSecret, force: force ? '1' : '0' })
    if (!result?.saved) return setOutcome(result)
    // The list of corps is part of the session.
    await refresh('/web/session')
    chooseCorp(newCorpId)
    go('/console/start')
  }
  const submit = (force: boolean) => void save(force).catch(() => undefined)
  return (
    <div className="corps-form">
      <p className="wisp-quiet" style={{ margin: 0 }}>
        {t('addHint')}
      </p>
      <DrawerForm<Fields>
        form={form}
        name="corp"
        submit={t('add')}
        isRunning={act.isRunning}
        onFinish={() => submit(false)}
        onValuesChange={() => setOutcome(undefined)}
      >
        <Inputs />
      </DrawerForm>
      {outcome && !outcome.saved ? (
        <Refusal checks={outcome.checks} isSaving={act.isRunning} force={() => submit(true)} />
      ) : null}
    </div>
  )
}

function Inputs(): ReactNode {
  const t = useText('corps')
  const required = [{ required: true, whitespace: true }]
  return (
    <>
      <Form.Item name="newCorpId" label={t('corpId')} extra={t('corpIdHelp')} rules={required}>
        <Input autoComplete="off" maxLength={64} placeholder="ww0123456789abcdef" />
      </Form.Item>
      <Form.Item name="name" label={t('name')} rules={required}>
        <Input autoComplete="off" maxLength={64} />
      </Form.Item>
      <Form.Item
        name="contactSecret"
        label={t('contactSecret')}
        extra={t('contactSecretHelp')}
        rules={required}
      >
        <Input.Password autoComplete="off" maxLength={256} />
      </Form.Item>
      <Form.Item name="publicUrl" label={t('publicUrl')} extra={t('publicUrlHelpNew')}>
        <Input autoComplete="off" maxLength={256} placeholder="https://wisp.example.com" />
      </Form.Item>
    </>
  )
}
