const tree = '@rc-component/tree'
const say = (what: string) => `() => { throw new Error('web/build/antd/left-out.ts leaves out ${what}') }`

/**
 * Modules of Ant Design that bring along what no page here shows, and what they are without it. Whoever begins to use such a part takes
 * its row away.
 */
export const leftOut: Record<string, (code: string) => string> = {
  // A tree of choices in the head of a column.
  'table/hooks/useFilter/FilterDropdown': () =>
    `export const flattenKeys = () => []\nexport default ${say('the filters of columns')}`,
  // A table of thousands of rows, of which the browser has those in sight.
  'table/RcTable/VirtualTable': () => `export default ${say('tables that are virtual')}`,
  // The shades of a tag in a colour of its own.
  'tag/hooks/useColor': code =>
    code.replace(
      "import { FastColor } from '@ant-design/fast-color'",
      `const FastColor = function () { (${say('tags in a colour of their own')})() }`,
    ),
  // Notices in a corner; the pages have messages at the top.
  'app/App': code =>
    code.replace(
      "import useNotification from '../notification/useNotification'",
      'const useNotification = () => [undefined, null]',
    ),
  // The colour of a tooltip that has one of its own, which stays as the others'.
  'tooltip/util': () =>
    'export const parseColor = () => ({ className: undefined, overlayStyle: {}, arrowStyle: {} })',
  // A drawing for a list without rows; the pages have their own (`renderEmpty` of ui/frame/antd-frame.tsx).
  'config-provider/defaultRenderEmpty': () => 'export default () => null',
  // From their own files: the index brings a whole tree, or all that forms need, to each page with a list or a button.
  'table/hooks/useSelection': code =>
    code.replace(
      `import { arrAdd, arrDel, conductCheck, convertDataToEntities } from '${tree}';`,
      `import { conductCheck } from ${JSON.stringify(`${tree}/es/utils/conductUtil`)}
import { convertDataToEntities } from ${JSON.stringify(`${tree}/es/utils/treeUtil`)}
const arrAdd = (list, one) => list.includes(one) ? list : [...list, one]
const arrDel = (list, one) => list.filter(other => other !== one)`,
    ),
  'form/context': code => code.replace("'@rc-component/form'", "'@rc-component/form/es/FormContext'"),
}
