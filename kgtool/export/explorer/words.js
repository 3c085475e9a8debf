// What the page says of itself, in its three languages.

const LANGUAGES = { "zh-Hans": "简体", "zh-Hant": "繁體", en: "English" };

const WORDS = {
  skip: ["跳到搜索", "跳到搜尋", "Skip to search"],
  view: ["视图", "檢視", "View"],
  language: ["语言", "語言", "Language"],
  find: ["查找", "尋找", "Find"],
  search: ["搜索（简体、繁体、英文）", "搜尋（簡體、繁體、英文）", "Search (Chinese in either script, English)"],
  filters: ["筛选", "篩選", "Filter"],
  modality: ["陈述方式", "陳述方式", "How it is said"],
  class: ["类别", "類別", "Class"],
  results: ["结果", "結果", "Results"],
  graph: ["关系图", "關係圖", "Graph"],
  table: ["表格", "表格", "Table"],
  details: ["详情", "詳情", "Details"],
  tools: ["关系图工具", "關係圖工具", "Tools of the graph"],
  all: ["全选", "全選", "All"],
  none: ["全不选", "全不選", "None"],
  larger: ["放大", "放大", "Zoom in"],
  smaller: ["缩小", "縮小", "Zoom out"],
  fit: ["全貌", "全貌", "Fit"],
  only: ["只看相邻", "只看相鄰", "Neighbours only"],
  stated: ["已陈述", "已陳述", "stated"],
  planned: ["计划中", "計劃中", "planned"],
  target: ["目标", "目標", "target"],
  demanded: ["要求", "要求", "demanded"],
  filed: ["已备案，未获评", "已備案，未獲評", "filed, not granted"],
  judged: ["评价", "評價", "judged"],
  derived: ["推算", "推算", "derived"],
  background: ["背景", "背景", "background"],
  names: ["名称", "名稱", "Names"],
  also: ["又称", "又稱", "also"],
  identifier: ["标识", "標識", "identifier"],
  out: ["由此出发的事实", "由此出發的事實", "Facts from here"],
  into: ["指向此处的事实", "指向此處的事實", "Facts that point here"],
  values: ["属性", "屬性", "Values"],
  sentence: ["第 {} 句", "第 {} 句", "sentence {}"],
  links: ["另见", "另見", "elsewhere"],
  period: ["时期", "時期", "period"],
  place: ["坐标", "座標", "coordinates"],
  unsaid: ["无句子：本项目补充", "無句子：本項目補充", "no sentence: added by the project"],
  choose: ["请在图、列表或表格中选择一项。", "請在圖、列表或表格中選擇一項。",
    "Choose a thing in the graph, the list or the table."],
  things: ["事物", "事物", "Things"],
  facts: ["事实", "事實", "Facts"],
  from: ["主体", "主體", "From"],
  relation: ["关系", "關係", "Relation"],
  to: ["客体", "客體", "To"],
  proof: ["依据", "依據", "Evidence"],
  name: ["名称", "名稱", "Name"],
  link: ["事实数", "事實數", "Facts"],
  found: ["{} 个事物，{} 条事实", "{} 個事物，{} 條事實", "{} things, {} facts"],
  more: ["再显示 {} 项", "再顯示 {} 項", "Show {} more"],
  nothing: ["没有找到。请换一个词，或放宽筛选。", "沒有找到。請換一個詞，或放寬篩選。",
    "Nothing found. Try another word, or filter less."],
  picture: ["关系图：{} 个节点、{} 条边。同样的内容见“表格”。", "關係圖：{} 個節點、{} 條邊。同樣的內容見「表格」。",
    "Graph of {} nodes and {} edges. The table has the same content."],
  chosen: ["已选择 {}：{} 条事实", "已選擇 {}：{} 條事實", "Chosen: {}, {} facts"],
};

let language = "zh-Hans";

/** Say something in the page's language, with values for its gaps. */
function say(word, ...values) {
  const text = WORDS[word][Object.keys(LANGUAGES).indexOf(language)];
  return values.reduce((said, value) => said.replace("{}", () => value), text);
}

/** Choose from texts by language the one to show: the page's language, else the next best. */
function pick(texts) {
  for (const one of [language, ...Object.keys(LANGUAGES)]) if (texts[one]) return texts[one];
  return Object.values(texts)[0] || "";
}

/** Show what would act on the text around it instead of appearing: control characters and direction marks. */
function visible(text) {
  return String(text).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (mark) => /[\u200c\u200d]/.test(mark)
    ? mark : "\\u{" + mark.codePointAt(0).toString(16) + "}");
}
