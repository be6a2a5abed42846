import { DeleteOutlined } from '@ant-design/icons'
import { Button, Checkbox, Form, Input } from 'antd'
import type { ReactNode } from 'react'
import { useUrlState } from '../address/url-state.ts'
import { useAct } from '../data/act.tsx'
import type { Answer, ListPath } from '../data/api.ts'
import { useRead } from '../data/read.ts'
import { useSession } from '../data/session.tsx'
import { useText } from '../text.ts'

type View = Answer<'/web/console/views'>['list'][number]

/** The views of a list to choose from, and the form that saves another. */
export function ViewList(props: { list: ListPath; filters: readonly string[]; close(): void }): ReactNode {
  const t = useText('common')
  const { list, filters, close } = props
  const { isSuper } = useSession()
  const [values, set] = useUrlState()
  const views = useRead('/web/console/views', { list }).data?.list ?? []
  const remove = useAct('/web/console/views/remove', { refresh: ['/web/console/views'] })
  // What is not in the view is cleared, so that it always finds what it found when it was saved.
  const names = [...filters, 'sort']
  const open = (view: View) => {
    const saved = new URLSearchParams(view.query)
    set({ pageNo: undefined, ...Object.fromEntries(names.map(name => [name, saved.get(name) ?? undefined])) })
    close()
  }
  const query = new URLSearchParams(names.flatMap(name => (values[name] ? [[name, values[name]]] : [])))
  return (
    <div className="wisp-views">
      {views.length === 0 ? <div className="wisp-quiet">{t('viewsNone')}</div> : null}
      <ul>
        {views.map(view => (
          <li key={`${view.shared} ${view.name}`}>
            <Button type="link" onClick={() => open(view)}>
              <bdi>{view.name}</bdi>
            </Button>
            <span className="wisp-quiet">{t(view.shared ? 'viewOfCorp' : 'viewOwn')}</span>
            {view.shared && !isSuper ? null : (
              <Button
                type="text"
                size="small"
                icon={<DeleteOutlined aria-hidden />}
                aria-label={t('viewRemove', { name: view.name })}
                onClick={() => void remove.run({ list, name: view.name, shared: view.shared ? '1' : '0' })}
              />
            )}
          </li>
        ))}
      </ul>
      {query.size > 0 ? <SaveView list={list} query={query.toString()} mayShare={isSuper} /> : null}
    </div>
  )
}

/** Saves what the list is filtered by. */
function SaveView(props: { list: ListPath; query: string; mayShare: boolean }): ReactNode {
  const t = useText('common')
  const { list, query, mayShare } = props
  const [form] = Form.useForm<{ name: string; shared: boolean }>()
  const save = useAct('/web/console/views/save', { refresh: ['/web/console/views'], done: t('saved') })
  return (
    <Form
      form={form}
      layout="vertical"
      initialValues={{ name: '', shared: false }}
      onFinish={async ({ name, shared }) => {
        if (await save.run({ list, query, name: name.trim(), shared: shared ? '1' : '0' })) form.resetFields()
      }}
    >
      <Form.Item
        name="name"
        label={t('viewSave')}
        rules={[{ required: true, whitespace: true, message: t('fillIn') }]}
      >
        <Input maxLength={40} autoComplete="off" placeholder={t('viewName')} />
      </Form.Item>
      {mayShare ? (
        <Form.Item name="shared" valuePropName="checked">
          <Checkbox>{t('viewShare')}</Checkbox>
        </Form.Item>
      ) : null}
      <Button type="primary" size="small" htmlType="submit" loading={save.isRunning}>
        {t('save')}
      </Button>
    </Form>
  )
}
