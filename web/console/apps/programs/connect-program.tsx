import { Button, Form } from 'antd'
import { type ReactNode, useState } from 'react'
import { useFormAct } from '../../../ui/data/form-act.ts'
import { Panel } from '../../../ui/panel.tsx'
import { useText } from '../../../ui/text.ts'
import { useKeepFresh } from './fresh.ts'
import { Gallery } from './gallery.tsx'
import type { Program } from './program.ts'
import { fieldsOfProgram, ProgramFields } from './program-fields.tsx'

type AppOfSignIn = { appId: string; version: number; homeUrl: string }

/** For an app that nobody signs in to by a protocol yet: whether it is one of the programs that wisp knows. */
export function ConnectProgram({ signIn }: { signIn: AppOfSignIn }): ReactNode {
  const t = useText('app-sign-in')
  const [program, setProgram] = useState<Program>()
  return (
    <Panel title={t('programs')}>
      {program ? (
        <Connect signIn={signIn} program={program} back={() => setProgram(undefined)} />
      ) : (
        <Gallery choose={setProgram} />
      )}
    </Panel>
  )
}

function Connect(props: { signIn: AppOfSignIn; program: Program; back(): void }): ReactNode {
  const t = useText('app-sign-in')
  const common = useText('common')
  const keepFresh = useKeepFresh()
  const [form] = Form.useForm<{ address: string }>()
  const { program, signIn } = props
  const act = useFormAct('/web/apps/programs/connect', form, fieldsOfProgram, {
    done: t('saved'),
    refresh: ['/web/apps/'],
  })
  const connect = async ({ address }: { address: string }) => {
    const { appId: id, version } = signIn
    const done = await act.run({ id, version, program: program.id, address })
    if (done) keepFresh(id, { secret: done.clientSecret, program: program.id })
  }
  return (
    <Form
      form={form}
      name="program"
      layout="vertical"
      initialValues={{ address: signIn.homeUrl }}
      onFinish={values => void connect(values)}
    >
      <ProgramFields program={program} back={props.back} />
      <Button type="primary" htmlType="submit" loading={act.isRunning}>
        {common('save')}
      </Button>
    </Form>
  )
}
