import { DeleteOutlined, EllipsisOutlined, MenuOutlined } from '@ant-design/icons'
import { App, Button, Dropdown } from 'antd'
import type { ReactNode } from 'react'
import { useGo } from '../../ui/address/url-state.ts'
import { useAct, useConfirm } from '../../ui/data/act.tsx'
import { api } from '../../ui/data/api.ts'
import { useErrorText } from '../../ui/data/error-text.ts'
import { useRead } from '../../ui/data/read.ts'
import { useText } from '../../ui/text.ts'

/** Buttons to enable, disable and delete an app. The confirmation says what else is affected. */
export function AppActions(props: { id: string; onRemoved(): void }): ReactNode {
  const t = useText('apps')
  const go = useGo()
  const app = useRead('/web/apps/app', { id: props.id }).data
  const enable = useAct('/web/apps/enable', {
    done: now => t(now.enabled ? 'enabledDone' : 'disabledDone'),
    refresh: ['/web/apps/'],
  })
  const remove = useAct('/web/apps/remove', {
    done: t('removed'),
    refresh: ['/web/apps/list', '/web/apps/choices'],
  })
  const ask = useAskWhatGoes(props.id)
  if (!app) return null
  const { id, name } = app
  const setEnabled = async (enabled: boolean) => {
    if (!enabled && !(await ask('disableWhat', t('disableAsk', { name }), t('disable')))) return
    await enable.run({ id, enabled: enabled ? '1' : '0' })
  }
  const drop = async () => {
    if (!(await ask('removeWhat', t('removeAsk', { name }), t('remove')))) return
    if (await remove.run({ id })) props.onRemoved()
  }
  return (
    <div style={{ display: 'flex', gap: 8 }}>
      <Button loading={enable.isRunning} onClick={() => void setEnabled(!app.enabled)}>
        {app.enabled ? t('disable') : t('enable')}
      </Button>
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            { key: 'menu', label: t('menuOpen'), icon: <MenuOutlined /> },
            { key: 'remove', label: t('remove'), icon: <DeleteOutlined />, danger: true },
          ],
          onClick: ({ key }) => (key === 'menu' ? go('/console/apps/menus', { app: id }) : void drop()),
        }}
      >
        <Button aria-label={t('more')} icon={<EllipsisOutlined />} />
      </Dropdown>
    </div>
  )
}

function useAskWhatGoes(id: string) {
  const t = useText('apps')
  const confirm = useConfirm()
  const textOf = useErrorText()
  const { message } = App.useApp()
  return async (what: 'disableWhat' | 'removeWhat', title: string, okText: string): Promise<boolean> => {
    try {
      const { liveTickets, menuVersions } = await api.get('/web/apps/dependants', { id })
      const content = t(what, { n: liveTickets, versions: menuVersions })
      return await confirm({ title, content, okText, danger: true })
    } catch (error) {
      void message.error(textOf(error))
      return false
    }
  }
}
