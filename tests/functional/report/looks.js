// Copyright (c) 2026, cloudgate contributors
// GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
// What a test asks of a page: how wide it is, its background's brightness, and each text of too little contrast (WCAG).
(() => {
  const parts = (color) => color.match(/[\d.]+/g).map(Number);
  const brightness = (color) => {
    const [red, green, blue] = parts(color).map((each) => each / 255)
      .map((each) => (each <= 0.03928 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const color = getComputedStyle(each).backgroundColor;
      if ((parts(color)[3] ?? 1) > 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (walker.currentNode.data.trim() && element.checkVisibility()) texts.push(element);
  }
  const contrast = (element) => {
    const style = getComputedStyle(element);
    const [low, high] = [brightness(element.closest("svg") ? style.fill : style.color), brightness(behind(element))]
      .sort((one, other) => one - other);
    return (high + 0.05) / (low + 0.05);
  };
  return {
    overflow: document.documentElement.scrollWidth - window.innerWidth,
    height: document.documentElement.scrollHeight,
    background: brightness(behind(document.body)),
    texts: texts.length,
    faint: texts.filter((each) => contrast(each) < 4.5).map((each) => `${each.textContent} ${contrast(each)}`),
  };
})();
