const tree = '@rc-component/tree'
const say = (what: string) => `() => { throw new Error('web/build/antd/left-out.ts leaves out ${what}') }`
/** What stands for all shades of all colours. */
const ownBlue = (code: string) =>
  code.replace(
    "import { presetPrimaryColors } from '@ant-design/colors'",
    "const presetPrimaryColors = { blue: 'var(--ant-color-info)', green: 'var(--ant-color-success)' }",
  )

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
  // Words on a bar, and a bar in two colours.
  'progress/progress': code =>
    code.replace(
      "import { FastColor } from '@ant-design/fast-color'",
      'const FastColor = function () { this.isLight = () => false }',
    ),
  'progress/Line': ownBlue,
  'progress/utils': ownBlue,
  // A field for each digit.
  'input/index': code =>
    code.replace("import OTP from './OTP'", `const OTP = ${say('fields for each digit')}`),
  // The colour of a tooltip that has one of its own, which stays as the others'.
  'tooltip/util': () =>
    'export const parseColor = () => ({ className: undefined, overlayStyle: {}, arrowStyle: {} })',
  // A drawing for a list without rows; the pages have their own (`renderEmpty` of ui/frame/antd-frame.tsx).
  'config-provider/defaultRenderEmpty': () => 'export default () => null',
  // What chooses one row, and rows with those below them.
  'table/hooks/useSelection': code =>
    code.replace("import Radio from '../../radio';", `const Radio = ${say('the choice of one row')}`).replace(
      `import { arrAdd, arrDel, conductCheck, convertDataToEntities } from '${tree}';`,
      `const conductCheck = ${say('the choice of rows in a tree')}
const convertDataToEntities = conductCheck
const arrAdd = (list, one) => list.includes(one) ? list : [...list, one]
const arrDel = (list, one) => list.filter(other => other !== one)`,
    ),
  // From its own file, and as that does it: the others bring all that forms need to each page with a button or a choice.
  'form/context': code => code.replace("'@rc-component/form'", "'@rc-component/form/es/FormContext'"),
  'radio/group': code =>
    code.replace(
      "import { toNamePathStr } from '../form/hooks/useForm';",
      "const toNamePathStr = name => [name].flat().join('_');",
    ),
}
