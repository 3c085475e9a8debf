// Chains of + - * / with the brackets that SPARQL reads into them: 10 - 3 - 2 is (10 - 3) - 2.
// https://www.w3.org/TR/sparql11-query/#rAdditiveExpression
//
// Oxigraph's builds for browsers, up to 0.5.11 at least, read them from the right: 10 - 3 - 2 is 9 to them, and nothing
// says so. Once a build reads them as its Python sister of 0.5.13 does, this file can go; a test asks for 10 - 3 - 2.

const LEXEME = /\s+|#[^\n\r]*|<[^<>"{}|^`\\\x00-\x20]*>|"""(?:[^"\\]|\\.|"(?!""))*"""|'''(?:[^'\\]|\\.|'(?!''))*'''|"(?:[^"\\\n\r]|\\.)*"|'(?:[^'\\\n\r]|\\.)*'|@[\w-]+|[?$][\p{L}\p{N}_]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[\p{L}\p{N}_.-]*:(?:[\p{L}\p{N}_.%:-]|\\.)*|[\p{L}_][\p{L}\p{N}_]*|\^\^|&&|\|\||[!<>]=|[^]/gsu;

/** Write a query with the brackets; a text without such chains comes back as it is. */
export function bracketed(text) {
  const lexemes = text.match(LEXEME) ?? [];
  let at = 0;
  const blank = (lexeme) => lexeme !== undefined && /^(?:\s|#)/.test(lexeme);

  /** Read up to a closing bracket; say whether there is anything in it that no path of properties has. */
  function inside(close) {
    let written = "", isValue = false;
    while (at < lexemes.length && lexemes[at] !== close) {
      const operand = chain();
      if (operand) {
        written += operand.text;
        isValue ||= operand.isValue;
      } else if (/^values$/i.test(lexemes[at])) written += data();
      else if (lexemes[at] === "{") {
        at += 1;
        written += `{${inside("}").text}${lexemes[at++] ?? ""}`;
      } else written += lexemes[at++];
    }
    return { text: written, isValue };
  }

  /** Copy a block of data: its signed numbers are no sums. */
  function data() {
    let written = "";
    while (at < lexemes.length && lexemes[at] !== "{") written += lexemes[at++];
    while (at < lexemes.length && lexemes[at] !== "}") written += lexemes[at++];
    return written;
  }

  /** Read blanks if what follows them is wanted; else stay where it was. */
  function next(isWanted) {
    let end = at;
    while (blank(lexemes[end])) end += 1;
    if (!isWanted(lexemes[end] ?? "")) return null;
    const blanks = lexemes.slice(at, end).join("");
    at = end + 1;
    return blanks + lexemes[end];
  }

  /** Read an operand: a value, a call, something in brackets, or the name of a property; null if there is none. */
  function operand() {
    const start = at, signs = [];
    for (let sign; (sign = next((one) => /^[-+!]$/.test(one))) !== null;) signs.push(sign);
    const first = lexemes[at] ?? "", opens = (from) => { let end = from; while (blank(lexemes[end])) end += 1; return lexemes[end] === "("; };
    const isName = /^[<\p{L}_:]/u.test(first) && first.length > 0 && !/^[<>]=?$/.test(first) && (first.length > 1 || first !== "<");
    let found = null;
    if (first === "(") found = brackets("");
    else if (isName && opens(at + 1)) {
      at += 1;
      const blanks = next((one) => one === "(").slice(0, -1);
      at -= 1;
      found = { ...brackets(first + blanks), isValue: true };
    } else if (/^[?$]./.test(first) || /^(?:\d|\.\d)/.test(first) || /^(?:true|false)$/i.test(first)) found = { text: lexemes[at++], isValue: true };
    else if (/^["']./s.test(first)) {
      found = { text: lexemes[at++], isValue: true };
      if (lexemes[at]?.startsWith("@")) found.text += lexemes[at++];
      else if (lexemes[at] === "^^") found.text += lexemes[at++] + (lexemes[at++] ?? "");
    } else if (isName && (first.includes(":") || first.startsWith("<"))) found = { text: lexemes[at++], isValue: false };
    if (!found) {
      at = start;
      return null;
    }
    return { text: signs.join("") + found.text, isValue: found.isValue };
  }

  function brackets(before) {
    at += 1;
    const { text: within, isValue } = inside(")");
    return { text: `${before}(${within}${lexemes[at++] ?? ""}`, isValue };
  }

  /** Read operands with the signs between them; where all are values it is a sum, and gets its brackets. */
  function chain() {
    const first = operand();
    if (!first) return null;
    const operands = [first], signs = [];
    for (;;) {
      const start = at, sign = next((one) => /^[-+*/]$/.test(one));
      if (sign === null) break;
      let end = at;
      while (blank(lexemes[end])) end += 1;
      const blanks = lexemes.slice(at, end).join("");
      at = end;
      const following = operand();
      if (!following) {
        at = start;
        break;
      }
      signs.push(sign);
      operands.push({ ...following, text: blanks + following.text });
    }
    const isSum = operands.every((one) => one.isValue);
    const texts = operands.map((one) => one.text);
    return { text: isSum && signs.length > 1 ? sum(texts, signs) : texts.map((one, place) => (place ? signs[place - 1] : "") + one).join(""), isValue: operands.some((one) => one.isValue) };
  }

  return inside(null).text;
}

/** Put brackets around what binds first: products, then from the left. */
function sum(operands, signs) {
  const terms = [[operands[0]]], between = [];
  signs.forEach((sign, place) => {
    if (/[*/]$/.test(sign)) terms.at(-1).push(sign, operands[place + 1]);
    else {
      between.push(sign);
      terms.push([operands[place + 1]]);
    }
  });
  const products = terms.map((term) => fromTheLeft(term.filter((_, place) => place % 2 === 0), term.filter((_, place) => place % 2)));
  return fromTheLeft(products, between);
}

function fromTheLeft(operands, signs) {
  return operands.slice(1).reduce((whole, one, place) => (place ? `(${whole})` : whole) + signs[place] + one, operands[0]);
}
