import { DownloadOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useUrlState } from './address/url-state.ts'
import { addressOf, type GetPath } from './data/api.ts'
import { currentLanguage } from './language.ts'
import { useText } from './text.ts'

/** Downloads all pages of what a list shows by the filters in the address; in its order, where that can be read in pieces. */
export function ExportLink(props: {
  path: GetPath & `${string}/export`
  filters: readonly string[]
  /** What the page's own state adds to the address. */
  fixed?: Readonly<Record<string, string>>
}): ReactNode {
  const t = useText('common')
  const [values] = useUrlState()
  const chosen = Object.fromEntries(['sort', ...props.filters].map(name => [name, values[name]]))
  const given = { ...chosen, ...props.fixed, language: currentLanguage() }
  return (
    <Button icon={<DownloadOutlined />} href={addressOf(props.path, given as never)} download>
      {t('export')}
    </Button>
  )
}
