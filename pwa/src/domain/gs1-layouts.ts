/**
 * Keyboard layouts: what a scanner that types like a keyboard leaves behind when the layout is Russian or Kazakh. It
 * presses the keys of the US layout; the maps are bijections, so the text is restored and not guessed.
 */
const US = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:\"ZXCVBNM<>?";
const RU = "ё1234567890-=йцукенгшщзхъ\\фывапролджэячсмитьбю.Ё!\"№;%:?*()_+ЙЦУКЕНГШЩЗХЪ/ФЫВАПРОЛДЖЭЯЧСМИТЬБЮ,";
const KK = "(\"әіңғ,.үұқөһйцукенгшщзхъ\\фывапролджэячсмитьбю№)!ӘІҢҒ;:ҮҰҚӨҺЙЦУКЕНГШЩЗХЪ/ФЫВАПРОЛДЖЭЯЧСМИТЬБЮ?";

/**
 * The text as the keys of the US layout say it, unchanged if no character betrays a Cyrillic layout. Kazakh letters
 * stand on the digit keys, so that a code typed in the Kazakh layout always has one.
 */
export function unlayout(text: string): string {
  const kazakh = /[әіңғүұқөһӘІҢҒҮҰҚӨҺ]/.test(text);
  if (!kazakh && !/[а-яА-ЯёЁ№]/.test(text)) return text;
  const layout = kazakh ? KK : RU;
  let typed = "";
  for (const character of text) {
    const key = layout.indexOf(character);
    typed += key < 0 ? character : US.charAt(key);
  }
  return typed;
}
