; The setup programs for Windows, both from this script:
;   -DSCOPE=user     for whoever starts it, without any rights of an administrator (the usual one)
;   -DSCOPE=machine  for all users of the computer
; packaging/windows/package.sh runs it twice for each: with -DUNINSTALLER=FILE it only hands out the uninstaller, which is
; signed like every other program, and the setup program itself is then made with the signed one from -DSTAGE=FOLDER.
;
; Silent: /S [/PATH=yes|no] [/MENU=yes|no] [/FILES=yes|no] [/ALLOWDOWNGRADE] [/D=C:\folder, last and without quotes]
; Exit codes: 0 done, 1 given up by the person, 2 damaged or not finished, 10 Windows too old, 11 a newer version is there,
; 12 Stepdeck is running, 13 the old version does not go, 14 another kind of installation is there.

Unicode true
Target amd64-unicode
!ifdef QUICK ; for tests
  SetCompressor zlib
!else
  SetCompressor /SOLID lzma
  SetCompressorDictSize 64
!endif
ManifestDPIAware true
ManifestDPIAwareness "PerMonitorV2,System"
ManifestSupportedOS Win10
ManifestLongPathAware true

!define APP "Stepdeck"
!define WINDOW "Stepdeck.exe"
!define COMMAND "bin\stepdeck.exe"
!define SUPERVISOR "bin\stepdeck-supervisor.exe"
!define PUBLISHER "Stepdeck contributors"
!define SITE "https://github.com/stepdeck/stepdeck"
; These names are how a later setup finds this one: they never change.
!define ID "io.github.stepdeck.stepdeck"
!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\${ID}"
!define APP_KEY "Software\Microsoft\Windows\CurrentVersion\App Paths\${WINDOW}"
!define FILE_KIND "Stepdeck.Project"
!define MSI_KEY "Software\Stepdeck"

!include LogicLib.nsh
!include FileFunc.nsh
!include WordFunc.nsh
!include WinVer.nsh
!include Sections.nsh
!include MUI2.nsh

!if "${SCOPE}" == "machine"
  RequestExecutionLevel admin
  !define FOLDER "$PROGRAMFILES64\${APP}"
  !define ROOT HKLM
  !define CONTEXT all
  !define PATH_SCOPE "--machine"
!else
  RequestExecutionLevel user
  !define FOLDER "$LOCALAPPDATA\Programs\${APP}"
  !define ROOT HKCU
  !define CONTEXT current
  !define PATH_SCOPE ""
!endif

Name "${APP}"
Caption "${APP} ${VERSION}"
BrandingText "${APP} ${VERSION}"
VIProductVersion "${NUMBERS}"
VIFileVersion "${NUMBERS}"
VIAddVersionKey ProductName "${APP}"
VIAddVersionKey FileDescription "${APP} setup"
VIAddVersionKey CompanyName "${PUBLISHER}"
VIAddVersionKey LegalCopyright "Copyright (c) 2026 ${PUBLISHER}, MIT License"
VIAddVersionKey FileVersion "${NUMBERS}"
VIAddVersionKey ProductVersion "${VERSION}"

!ifdef UNINSTALLER
  OutFile "${UNINSTALLER}.setup"
  !uninstfinalize 'cp "%1" "${UNINSTALLER}"' = 0
!else
  OutFile "${OUT}"
  !pragma warning disable 6020 ; the uninstaller is among the files
!endif

!define MUI_ABORTWARNING
!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${SIDE}"
!define MUI_WELCOMEFINISHPAGE_BITMAP_STRETCH FitControl
!define MUI_COMPONENTSPAGE_SMALLDESC
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_TEXT "Open Stepdeck"
!define MUI_FINISHPAGE_RUN_FUNCTION OpenWindow
!define MUI_UNCONFIRMPAGE_TEXT_TOP "Stepdeck will be removed from this computer. Your projects, secrets and history stay in %LOCALAPPDATA%\Stepdeck: delete that folder yourself if you want them gone too."

!insertmacro MUI_PAGE_COMPONENTS
!define MUI_PAGE_CUSTOMFUNCTION_PRE SkipWhenUpgrading
!insertmacro MUI_PAGE_DIRECTORY
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE English

Var OldVersion
Var OldNumbers
Var OldFolder

; Refuse ends the setup with a code and a sentence; a silent one says nothing.
!macro Refuse CODE SENTENCE
  MessageBox MB_ICONSTOP|MB_OK "${SENTENCE}" /SD IDOK
  SetErrorLevel ${CODE}
  Quit
!macroend
!define Refuse "!insertmacro Refuse"

; WaitUntilClosed goes on once no program of the folder runs: the file of a running one can't be opened for writing.
; All are looked at: a run goes on in the command when the window is closed, and its script is ended by the supervisor.
!macro WaitUntilClosed FOLDER PROGRAM ID
  ${If} ${FileExists} "${FOLDER}\${PROGRAM}"
    again${ID}:
    ClearErrors
    FileOpen $0 "${FOLDER}\${PROGRAM}" a
    ${If} ${Errors}
      MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "${APP} is in use: ${FOLDER}\${PROGRAM}$\n$\nClose its window, let its runs end or stop them, and try again." /SD IDCANCEL IDRETRY again${ID}
      SetErrorLevel 12
      Quit
    ${EndIf}
    FileClose $0
  ${EndIf}
!macroend
!define WaitUntilClosed "!insertmacro WaitUntilClosed"

Function .onInit
  SetRegView 64
  SetShellVarContext ${CONTEXT}
  ${IfNot} ${AtLeastWin10}
    ${Refuse} 10 "${APP} needs Windows 10 or later."
  ${EndIf}
  ReadRegStr $OldVersion ${ROOT} "${UNINSTALL_KEY}" DisplayVersion
  ReadRegStr $OldNumbers ${ROOT} "${UNINSTALL_KEY}" VersionNumbers
  ReadRegStr $OldFolder ${ROOT} "${UNINSTALL_KEY}" InstallLocation
  ; There is no InstallDir above, so $INSTDIR is set here only if /D=... was given.
  ${If} $INSTDIR == ""
    StrCpy $INSTDIR "${FOLDER}"
    ${If} $OldFolder != ""
      StrCpy $INSTDIR $OldFolder
    ${EndIf}
  ${EndIf}
  !if "${SCOPE}" == "machine"
    ReadRegStr $0 HKLM "${MSI_KEY}" Msi
    ${If} $0 != ""
      ${Refuse} 14 "${APP} $0 was installed from its .msi file. Uninstall it first, or install the new .msi file."
    ${EndIf}
  !else
    ReadRegStr $0 HKLM "${UNINSTALL_KEY}" DisplayVersion
    ${If} $0 == ""
      ReadRegStr $0 HKLM "${MSI_KEY}" Msi
    ${EndIf}
    ${If} $0 != ""
    ${AndIf} $OldVersion == ""
      MessageBox MB_ICONQUESTION|MB_OKCANCEL "${APP} $0 is installed for all users of this computer. Install another one for you alone?" /SD IDOK IDOK alone
      SetErrorLevel 1
      Quit
      alone:
    ${EndIf}
  !endif
  ${If} $OldNumbers != ""
    ${VersionCompare} "$OldNumbers" "${NUMBERS}" $0
    ${GetParameters} $1
    ClearErrors
    ${GetOptions} $1 "/ALLOWDOWNGRADE" $2
    ${If} ${Errors}
    ${AndIf} $0 == 1
      ${Refuse} 11 "${APP} $OldVersion is installed, which is newer than ${VERSION}. An older version may not be able to read its data. Uninstall it first if you mean it."
    ${EndIf}
  ${EndIf}
  Call ReadChoices
FunctionEnd

Function SkipWhenUpgrading
  ${If} $OldFolder != ""
    Abort
  ${EndIf}
FunctionEnd

; A program that was started by an administrator would be one itself: the desktop starts it instead.
Function OpenWindow
  Exec '"$WINDIR\explorer.exe" "$INSTDIR\${WINDOW}"'
FunctionEnd

Section "${APP}" Program
  SectionIn RO
  SetRegView 64
  SetShellVarContext ${CONTEXT}
  ${WaitUntilClosed} "$INSTDIR" "${WINDOW}" A
  ${WaitUntilClosed} "$INSTDIR" "${COMMAND}" B
  ${WaitUntilClosed} "$INSTDIR" "${SUPERVISOR}" G
  ${If} $OldFolder != ""
  ${AndIf} $OldFolder != $INSTDIR
    ${WaitUntilClosed} "$OldFolder" "${WINDOW}" C
    ${WaitUntilClosed} "$OldFolder" "${COMMAND}" D
    ${WaitUntilClosed} "$OldFolder" "${SUPERVISOR}" H
  ${EndIf}
  ; The old version's own uninstaller knows what the old version brought. _?= makes it work from where it lies, and wait.
  ${If} $OldFolder != ""
  ${AndIf} ${FileExists} "$OldFolder\uninstall.exe"
    ExecWait '"$OldFolder\uninstall.exe" /S _?=$OldFolder' $0
    ${If} $0 != 0
      MessageBox MB_ICONSTOP|MB_OK "${APP} $OldVersion could not be removed ($0). Uninstall it, then start this setup again." /SD IDOK
      SetErrorLevel 13
      Quit
    ${EndIf}
    Delete "$OldFolder\uninstall.exe"
    RMDir "$OldFolder"
  ${EndIf}

  SetOverwrite on
  !ifdef UNINSTALLER
    WriteUninstaller "$INSTDIR\uninstall.exe"
  !else
    SetOutPath "$INSTDIR\bin"
    File "${STAGE}/bin/stepdeck.exe"
    File "${STAGE}/bin/stepdeck-supervisor.exe"
    SetOutPath "$INSTDIR"
    File "${STAGE}/Stepdeck.exe"
    File "${STAGE}/LICENSE.txt"
    File "${STAGE}/THIRD-PARTY-NOTICES.txt"
    File "${STAGE}/sbom.cdx.json"
    File "/oname=uninstall.exe" "${STAGE}/uninstall-${SCOPE}.exe"
  !endif

  WriteRegStr ${ROOT} "${APP_KEY}" "" "$INSTDIR\${WINDOW}"
  WriteRegStr ${ROOT} "${UNINSTALL_KEY}" DisplayName "${APP}"
  WriteRegStr ${ROOT} "${UNINSTALL_KEY}" DisplayVersion "${VERSION}"
  WriteRegStr ${ROOT} "${UNINSTALL_KEY}" VersionNumbers "${NUMBERS}"
  WriteRegStr ${ROOT} "${UNINSTALL_KEY}" Publisher "${PUBLISHER}"
  WriteRegStr ${ROOT} "${UNINSTALL_KEY}" DisplayIcon "$INSTDIR\${WINDOW},0"
  WriteRegStr ${ROOT} "${UNINSTALL_KEY}" InstallLocation "$INSTDIR"
  WriteRegStr ${ROOT} "${UNINSTALL_KEY}" UninstallString '"$INSTDIR\uninstall.exe"'
  WriteRegStr ${ROOT} "${UNINSTALL_KEY}" QuietUninstallString '"$INSTDIR\uninstall.exe" /S'
  WriteRegStr ${ROOT} "${UNINSTALL_KEY}" URLInfoAbout "${SITE}"
  WriteRegDWORD ${ROOT} "${UNINSTALL_KEY}" NoModify 1
  WriteRegDWORD ${ROOT} "${UNINSTALL_KEY}" NoRepair 1
  SectionGetSize ${Program} $0
  WriteRegDWORD ${ROOT} "${UNINSTALL_KEY}" EstimatedSize $0
SectionEnd

Section "Entry in the Start menu" Menu
  CreateShortcut "$SMPROGRAMS\${APP}.lnk" "$INSTDIR\${WINDOW}" "" "$INSTDIR\${WINDOW}" 0 SW_SHOWNORMAL "" "Run AWS CLI scripts as the right identity"
SectionEnd

Section "Open .stepdeck files with Stepdeck" Files
  WriteRegStr ${ROOT} "Software\Classes\${FILE_KIND}" "" "Stepdeck project"
  WriteRegStr ${ROOT} "Software\Classes\${FILE_KIND}\DefaultIcon" "" "$INSTDIR\${WINDOW},0"
  WriteRegStr ${ROOT} "Software\Classes\${FILE_KIND}\shell\open\command" "" '"$INSTDIR\${WINDOW}" "%1"'
  WriteRegStr ${ROOT} "Software\Classes\.stepdeck" "" "${FILE_KIND}"
  WriteRegStr ${ROOT} "Software\Classes\.stepdeck\OpenWithProgids" "${FILE_KIND}" ""
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)' ; SHCNE_ASSOCCHANGED: the desktop looks again
SectionEnd

; The program does this itself: a setup's strings are too short for many a PATH.
Section /o "The command stepdeck on the PATH" Path
  nsExec::Exec '"$INSTDIR\${COMMAND}" path add ${PATH_SCOPE}'
  Pop $0
  ${If} $0 != 0
    DetailPrint "The PATH was not changed ($0). Try: stepdeck path add"
  ${EndIf}
SectionEnd

; What was chosen is the proposal of the next setup.
Section "-choices"
  !macro WriteChoice SECTION NAME
    StrCpy $0 no
    ${If} ${SectionIsSelected} ${SECTION}
      StrCpy $0 yes
    ${EndIf}
    WriteRegStr ${ROOT} "${UNINSTALL_KEY}" "${NAME}" $0
  !macroend
  !insertmacro WriteChoice ${Menu} ChoiceMenu
  !insertmacro WriteChoice ${Files} ChoiceFiles
  !insertmacro WriteChoice ${Path} ChoicePath
SectionEnd

Function ReadChoices
  !macro ReadChoice SECTION NAME OPTION
    ReadRegStr $0 ${ROOT} "${UNINSTALL_KEY}" "${NAME}"
    ${GetParameters} $1
    ClearErrors
    ${GetOptions} $1 "${OPTION}=" $2
    ${IfNot} ${Errors}
      StrCpy $0 $2
    ${EndIf}
    ${If} $0 == yes
      !insertmacro SelectSection ${SECTION}
    ${ElseIf} $0 == no
      !insertmacro UnselectSection ${SECTION}
    ${EndIf}
  !macroend
  !insertmacro ReadChoice ${Menu} ChoiceMenu "/MENU"
  !insertmacro ReadChoice ${Files} ChoiceFiles "/FILES"
  !insertmacro ReadChoice ${Path} ChoicePath "/PATH"
FunctionEnd

!insertmacro MUI_FUNCTION_DESCRIPTION_BEGIN
  !insertmacro MUI_DESCRIPTION_TEXT ${Program} "The window and the command."
  !insertmacro MUI_DESCRIPTION_TEXT ${Menu} "An entry that opens the window."
  !insertmacro MUI_DESCRIPTION_TEXT ${Files} "A double click on a project file shows what its import would change."
  !insertmacro MUI_DESCRIPTION_TEXT ${Path} "Type stepdeck in any terminal. It takes effect in terminals that are opened afterwards."
!insertmacro MUI_FUNCTION_DESCRIPTION_END

Function un.onInit
  SetRegView 64
  SetShellVarContext ${CONTEXT}
FunctionEnd

; Never RMDir /r: the folder may be one that the person shares with other things. Data lies elsewhere and stays.
Section Uninstall
  ${WaitUntilClosed} "$INSTDIR" "${WINDOW}" E
  ${WaitUntilClosed} "$INSTDIR" "${COMMAND}" F
  ${WaitUntilClosed} "$INSTDIR" "${SUPERVISOR}" I
  ReadRegStr $0 ${ROOT} "${UNINSTALL_KEY}" ChoicePath
  ${If} $0 == yes
    nsExec::Exec '"$INSTDIR\${COMMAND}" path remove ${PATH_SCOPE}'
    Pop $0
  ${EndIf}
  Delete "$INSTDIR\bin\stepdeck.exe"
  Delete "$INSTDIR\bin\stepdeck-supervisor.exe"
  RMDir "$INSTDIR\bin"
  Delete "$INSTDIR\Stepdeck.exe"
  Delete "$INSTDIR\LICENSE.txt"
  Delete "$INSTDIR\THIRD-PARTY-NOTICES.txt"
  Delete "$INSTDIR\sbom.cdx.json"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\${APP}.lnk"
  ReadRegStr $0 ${ROOT} "Software\Classes\.stepdeck" ""
  ${If} $0 == "${FILE_KIND}"
    DeleteRegValue ${ROOT} "Software\Classes\.stepdeck" ""
  ${EndIf}
  DeleteRegValue ${ROOT} "Software\Classes\.stepdeck\OpenWithProgids" "${FILE_KIND}"
  DeleteRegKey /ifempty ${ROOT} "Software\Classes\.stepdeck\OpenWithProgids"
  DeleteRegKey /ifempty ${ROOT} "Software\Classes\.stepdeck"
  DeleteRegKey ${ROOT} "Software\Classes\${FILE_KIND}"
  DeleteRegKey ${ROOT} "${APP_KEY}"
  DeleteRegKey ${ROOT} "${UNINSTALL_KEY}"
  System::Call 'shell32::SHChangeNotify(i 0x08000000, i 0, p 0, p 0)'
SectionEnd
