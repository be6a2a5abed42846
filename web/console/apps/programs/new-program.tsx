import { Form, Input } from 'antd'
import type { ReactNode } from 'react'
import { DrawerForm } from '../../../ui/address/drawer-form.tsx'
import { PageLink } from '../../../ui/address/page-link.tsx'
import { useFormAct } from '../../../ui/data/form-act.ts'
import { useUnsaved } from '../../../ui/data/unsaved.ts'
import { Loading } from '../../../ui/feedback.tsx'
import { Fold } from '../../../ui/forms/fold.tsx'
import { useText } from '../../../ui/text.ts'
import { newObject } from '../../object-addresses.ts'
import { anyProgram } from './any-program.ts'
import { useKeepFresh } from './fresh.ts'
import { Gallery } from './gallery.tsx'
import { type Program, usePrograms } from './program.ts'
import { fieldsOfProgram, ProgramFields } from './program-fields.tsx'
import { drawIcon } from './program-icon.tsx'

/** Adds an app for a program that wisp knows: which one, then its address. */
export function NewProgram(props: {
  /** Names a program, or `anyProgram`. */
  chosen: string
  choose(program: string): void
  added(appId: string): void
}): ReactNode {
  const t = useText('app-sign-in')
  const programs = usePrograms()
  const program = programs.find(one => one.id === props.chosen)
  if (programs.length === 0) return <Loading />
  if (program) return <OneProgram {...props} key={program.id} program={program} />
  return (
    <>
      <p>{t('programsHint')}</p>
      <Gallery choose={one => props.choose(one.id)} />
      <p className="wisp-quiet" style={{ marginTop: 16 }}>
        {t('programMissing')}{' '}
        <PageLink to="/console/apps" search={{ open: newObject }}>
          {t('programMissingAct')}
        </PageLink>
      </p>
    </>
  )
}

type Values = { address: string; name: string }

function OneProgram(props: {
  program: Program
  choose(program: string): void
  added(appId: string): void
}): ReactNode {
  const t = useText('app-sign-in')
  const apps = useText('apps')
  const common = useText('common')
  const unsaved = useUnsaved()
  const keepFresh = useKeepFresh()
  const [form] = Form.useForm<Values>()
  const { program } = props
  const act = useFormAct('/web/apps/programs/add', form, fieldsOfProgram, { refresh: ['/web/apps/'] })
  const add = async ({ address, name }: Values) => {
    const icon = drawIcon(program)
    const added = await act.run({ program: program.id, address, name, ...(icon ? { icon } : {}) })
    if (!added) return
    unsaved.clear()
    keepFresh(added.id, { secret: added.clientSecret, program: program.id })
    props.added(added.id)
  }
  return (
    <DrawerForm<Values>
      form={form}
      submit={common('save')}
      isRunning={act.isRunning}
      initialValues={{ name: program.name }}
      onValuesChange={unsaved.touch}
      onFinish={values => void add(values)}
    >
      <ProgramFields program={program} back={() => props.choose(anyProgram)} />
      <Fold summary={t('advanced')}>
        <Form.Item
          name="name"
          label={apps('name')}
          extra={t('programNameHint')}
          rules={[{ required: true, whitespace: true, message: apps('required', { what: apps('name') }) }]}
        >
          <Input maxLength={64} />
        </Form.Item>
      </Fold>
    </DrawerForm>
  )
}
