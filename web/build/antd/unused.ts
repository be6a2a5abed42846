/**
 * Rules of the library's sheets that no page here needs, by the classes in their selectors, and the code that would need them: a build
 * fails where a page has such code, and whoever writes it takes the row away.
 */
export const unused: readonly { classes: RegExp; code?: RegExp }[] = [
  // Columns of a grid that nobody lays out, and what is for writing from right to left.
  { classes: /\.ant-col-(?!rtl)|-rtl\b/ },
  { classes: /\.ant-notification/, code: /\bnotification\b[^}]*\} = App\.useApp/ },
  { classes: /\.ant-menu-(dark|horizontal|vertical)/, code: /<Menu\b[^>]*\b(mode="(?!inline)|theme=)/ },
  { classes: /-underlined/, code: /\bvariant="underlined"/ },
  {
    classes: /\.ant-(input|select|pagination|radio)[a-z-]*-filled/,
    code: /<(?!Tag\b)[\w.]+[^>]*\bvariant="filled"/,
  },
  { classes: /\.ant-(?!select)[a-z-]+-borderless/, code: /<(?!Select\b)[\w.]+[^>]*\bvariant="borderless"/ },
  {
    classes: /\.ant-(?!input)[a-z-]+-(lg(?![a-z])|large)/,
    code: /<(?!Input\b)[A-Z][\w.]*[^>]*\bsize="large"/,
  },
  { classes: /\.ant-table-(bordered|tbody-virtual)/, code: /<\w*Table\b[^>]*\b(bordered|virtual)\b/ },
  { classes: /\.ant-table-(summary|footer)/, code: /<Table\b[^>]*\b(summary|footer)=/ },
  { classes: /\.ant-table-filter/, code: /\b(filterDropdown|onFilter)\b/ },
  {
    classes: /\.ant-skeleton-(avatar|image|node|button|input)/,
    code: /\bSkeleton\.[A-Z]|<Skeleton\b[^>]*\bavatar/,
  },
  { classes: /quick-jumper/, code: /\bshowQuickJumper\b/ },
  { classes: /\.ant-input-group(?!-wrapper-outlined)/, code: /\baddon(Before|After)=|\bInput\.Group\b/ },
  { classes: /\.ant-btn-group/, code: /\bButton\.Group\b/ },
  {
    classes:
      /\.ant-btn-color-(blue|purple|cyan|green|magenta|pink|red|orange|yellow|volcano|geekblue|lime|gold)/,
    code: /<Button\b[^>]*\bcolor="(?!default|primary|danger)/,
  },
  { classes: /\.ant-ribbon/, code: /\bBadge\.Ribbon\b/ },
  { classes: /\.ant-badge-(color|status)/, code: /<Badge\b[^>]*\b(status|color)=/ },
  { classes: /\.ant-otp/, code: /\bInput\.OTP\b/ },
  { classes: /\.ant-progress-circle/, code: /\btype="(circle|dashboard)"/ },
  { classes: /select-customize/, code: /\bgetInputElement\b/ },
  { classes: /\.ant-message-(bottom|topLeft|topRight|notice-pure)/, code: /\bplacement: '/ },
  { classes: /\.ant-form-(inline|horizontal)/, code: /<\w*Form\b[^>]*\blayout="(?!vertical)/ },
  // An open menu turns over, but not to a side.
  {
    classes: /dropdown-placement-(left|right|top(?!Left|Right)|bottom(?!Left|Right))/,
    code: /<Dropdown\b[^>]*\bplacement="(left|right|top"|bottom")/,
  },
  { classes: /\.ant-slide-(left|right)-|\.ant-move-(left|right|down)/ },
  { classes: /-status-warning/, code: /\b(warningOnly|validateStatus="warning"|status="warning")/ },
  { classes: /-pure-panel/ },
  { classes: /\.ant-space-addon/, code: /\bSpace\.Addon\b/ },
  { classes: /compact-vertical/, code: /<Space\.Compact\b[^>]*\b(direction|orientation|vertical)\b/ },
  { classes: /\.ant-tag-(solid|checkable)/, code: /\bCheckableTag\b|<Tag\b[^>]*\bvariant="solid"/ },
  {
    classes: /\.ant-tag-(magenta|pink|red|volcano|orange|gold|lime|green|cyan|geekblue|purple|yellow)/,
    code: /<Tag\b[^>]*\bcolor="(?!blue|success|processing|error|warning|default)/,
  },
]
