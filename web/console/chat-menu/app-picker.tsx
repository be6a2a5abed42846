import { Form, Select } from 'antd'
import { type ReactNode, useState } from 'react'
import { useRead } from '../../ui/data/read.ts'
import { useText } from '../../ui/text.ts'

/** Which of the corp's apps a button opens; there may be hundreds, so that the server looks for what is typed. */
export function AppPicker(props: { value: string | undefined; onChange(app: string): void }): ReactNode {
  const t = useText('agent-menu')
  const [typed, setTyped] = useState('')
  const { value = '' } = props
  const read = useRead('/web/apps/list', { text: typed, pageSize: 50 }, { keep: true })
  const chosen = useRead('/web/apps/app', { id: value }, { enabled: value !== '' }).data
  const apps = (read.data?.list ?? []).map(({ id, name }) => ({ value: id, label: name }))
  // One that was removed since is shown by its id.
  const isListed = value === '' || apps.some(app => app.value === value)
  return (
    <Form.Item label={t('appPicked')} htmlFor="menu-app">
      <Select
        id="menu-app"
        showSearch={{ filterOption: false, onSearch: setTyped }}
        loading={read.isLoading}
        value={value || null}
        options={isListed ? apps : [...apps, { value, label: chosen?.name ?? value }]}
        onChange={id => props.onChange(id ?? '')}
      />
    </Form.Item>
  )
}
